//! The pages of docs/ are one book: each is in its table of contents, and no link leads out of it to nowhere.

use std::collections::BTreeSet;

use super::{links, pages, prose, root, text_of};

/// The pages that the table of contents names, in its order.
fn contents() -> Vec<String> {
    let summary = text_of("docs/SUMMARY.md");
    links(&summary).into_iter().map(|(_, link)| link.to_owned()).collect()
}

#[test]
fn every_page_is_in_the_table_of_contents_once_and_no_other_is() {
    let contents = contents();
    let named: BTreeSet<&str> = contents.iter().map(String::as_str).collect();
    assert_eq!(named.len(), contents.len(), "docs/SUMMARY.md names a page twice");
    let pages = pages();
    let there: BTreeSet<&str> = pages
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("docs/"))
        .filter(|name| *name != "SUMMARY.md")
        .collect();
    assert_eq!(named, there);
}

#[test]
fn no_link_of_the_book_leaves_it() {
    for (path, text) in pages().iter().filter(|(path, _)| path.starts_with("docs/")) {
        for (line, link) in links(text) {
            assert!(!link.starts_with("../"), "{path}:{line}: in the book, {link} leads nowhere");
        }
    }
}

/// The addresses of other sites that a line links to, in both forms of Markdown.
fn addresses(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let bare = line.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(inside, _)| inside);
    targets.chain(bare).filter(|target| target.contains("://"))
}

#[test]
fn links_to_other_sites_are_well_formed_and_go_by_https() {
    for (path, text) in pages() {
        for (number, line) in prose(&text) {
            let shown: String = line.split('`').step_by(2).collect();
            for address in addresses(&shown) {
                let url = url::Url::parse(address)
                    .unwrap_or_else(|error| panic!("{path}:{number}: {address}: {error}"));
                assert_eq!(url.scheme(), "https", "{path}:{number}: {address}");
                assert!(url.host_str().is_some_and(|host| host.contains('.')), "{path}:{number}: {address}");
            }
        }
    }
}

#[test]
fn addresses_are_found_in_both_forms() {
    let line = "[a](https://a.b/c) and <http://d.e>, [f](g.md), <br>";
    assert_eq!(addresses(line).collect::<Vec<_>>(), ["https://a.b/c", "http://d.e"]);
}

#[test]
fn the_book_is_where_its_settings_say() {
    let settings = text_of("docs/book.toml");
    assert!(settings.contains("src = \".\""), "docs/book.toml: the pages lie beside it");
    assert!(root().join("docs/README.md").exists(), "the first page of the book");
}
