//! Whether there is a next page to ask for, and where it is.

use std::collections::HashSet;

use url::Url;

use super::call::{Call, ResultSize};
use super::error::PagingFault;
use super::page::Page;

/// The words by which the service says that a result was cut.
const MORE: &str = "There are more results available than are currently displayed";

/// How many pages without a row may follow each other. A service that only ever promises a next page is not waited for.
const MOST_EMPTY: u32 = 5;

/// How far a result has come. Pages are asked for one by one: the page after the limit never is.
#[derive(Debug)]
pub struct Paging {
    left: Option<u64>,
    page_size: u64,
    base: Url,
    /// Where pages came from.
    seen: HashSet<Url>,
    /// How many pages without a row came in a row.
    empty: u32,
    /// Whether the cmdlet may change something: its pages would be a second execution.
    writes: bool,
}

impl Paging {
    /// The beginning of a result that comes from this address. A link that leads there leads to the first page again.
    pub fn new(call: &Call, first: &Url) -> Self {
        let left = match call.result_size {
            ResultSize::Limit(limit) => Some(limit),
            ResultSize::Unlimited => None,
        };
        Self {
            left,
            page_size: call.page_size,
            base: first.clone(),
            seen: HashSet::from([first.clone()]),
            empty: 0,
            writes: call.writes,
        }
    }

    /// The page size to ask for next: no more than is still wanted.
    pub fn page_size(&self) -> u64 {
        self.left.map_or(self.page_size, |left| left.min(self.page_size)).max(1)
    }

    /// Takes note of a page: cuts it where the service sent more than was wanted, and returns the next page's address
    /// where there is one to be fetched. The service's warning that there is more is left in place where nothing more
    /// is fetched, put there where the service forgot it, and taken out where the next page follows.
    pub fn after(&mut self, page: &mut Page) -> Result<Option<Url>, PagingFault> {
        let mut cut = false;
        if let Some(left) = &mut self.left {
            let wanted = usize::try_from(*left).unwrap_or(usize::MAX);
            cut = page.rows.len() > wanted;
            page.rows.truncate(wanted);
            *left -= page.rows.len() as u64;
        }
        if page.continues && self.left != Some(0) {
            return Err(PagingFault::Within);
        }
        let warned = page.warnings.iter().any(|warning| warning.contains(MORE));
        match &page.next_link {
            Some(link) if self.left != Some(0) && !self.writes => {
                self.empty = if page.objects == 0 { self.empty + 1 } else { 0 };
                if self.empty > MOST_EMPTY {
                    return Err(PagingFault::NoRows);
                }
                let next = self.follow(link)?;
                page.warnings.retain(|warning| !warning.contains(MORE));
                Ok(Some(next))
            }
            link => {
                if (cut || link.is_some()) && !warned {
                    page.warnings.push(format!(
                        "{MORE}. To view them, increase the value for the ResultSize parameter."
                    ));
                }
                Ok(None)
            }
        }
    }

    /// A link is followed on exactly the origin that was called: it carries the bearer token.
    fn follow(&mut self, link: &str) -> Result<Url, PagingFault> {
        let mut url = Url::parse(link).map_err(|_| PagingFault::NotAnAddress)?;
        // It is never sent, so that it makes no other address.
        url.set_fragment(None);
        if url.origin() != self.base.origin() {
            return Err(PagingFault::ForeignHost(url.origin().ascii_serialization()));
        }
        if self.seen.insert(url.clone()) { Ok(url) } else { Err(PagingFault::Repeated) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::exchange::CmdletInput;
    use crate::exchange::reader::Keep;

    fn paging(result_size: Value) -> Paging {
        let mut parameters = Map::new();
        parameters.insert("ResultSize".to_owned(), result_size);
        let call = Call::new(CmdletInput { cmdlet_name: "Get-Mailbox".to_owned(), parameters }, false);
        Paging::new(&call.expect("a call"), &Url::parse("https://host/").expect("a URL"))
    }

    fn page(rows: usize, link: Option<&str>, warn: bool) -> Page {
        let warnings: &[String] = if warn { &[format!("{MORE}.")] } else { &[] };
        let body =
            json!({"value": vec![json!({}); rows], "@odata.nextLink": link, "@adminapi.warnings": warnings});
        Page::arriving([body.to_string().as_bytes()], Keep::Objects).expect("a page")
    }

    #[test]
    fn pages_are_followed_to_the_limit_and_no_further() {
        let mut paging = paging(json!(1500));
        assert_eq!(paging.page_size(), 1000);
        let mut first = page(1000, Some("https://host/2"), true);
        assert_eq!(
            paging.after(&mut first).expect("a link").map(String::from).as_deref(),
            Some("https://host/2")
        );
        assert!(first.warnings.is_empty(), "the warning is hidden while the next page follows");
        assert_eq!(paging.page_size(), 500);
        let mut second = page(500, Some("https://host/3"), true);
        assert_eq!(paging.after(&mut second), Ok(None));
        assert_eq!(second.warnings.len(), 1);
    }

    #[test]
    fn a_page_larger_than_asked_for_is_cut_and_said_so() {
        let mut paging = paging(json!(2));
        let mut first = page(3, None, false);
        assert_eq!(paging.after(&mut first), Ok(None));
        assert_eq!(first.len(), 2);
        assert_eq!(first.warnings.len(), 1);
    }

    #[test]
    fn a_short_page_with_a_link_is_followed_and_one_without_is_the_end() {
        let mut paging = paging(json!("Unlimited"));
        assert!(paging.after(&mut page(2, Some("https://host/2"), false)).expect("a link").is_some());
        let mut last = page(2, None, false);
        assert_eq!(paging.after(&mut last), Ok(None));
        assert!(last.warnings.is_empty());
    }

    #[test]
    fn pages_without_rows_are_not_followed_for_ever() {
        let mut paging = paging(json!("Unlimited"));
        let mut follow = |at: u32| paging.after(&mut page(0, Some(&format!("https://host/{at}")), false));
        assert!((0..5).all(|at| follow(at).is_ok()));
        assert_eq!(follow(5), Err(PagingFault::NoRows));
    }

    #[test]
    fn a_write_is_not_sent_again_for_a_next_page() {
        let input = CmdletInput { cmdlet_name: "Set-Mailbox".to_owned(), parameters: Map::new() };
        let call = Call::new(input, true).expect("a call");
        let mut paging = Paging::new(&call, &Url::parse("https://host/").expect("a URL"));
        let mut first = page(1, Some("https://host/2"), false);
        assert_eq!(paging.after(&mut first), Ok(None));
        assert_eq!(first.warnings.len(), 1);
    }

    #[test]
    fn links_that_would_carry_the_token_elsewhere_or_in_circles_are_refused() {
        for (link, fault) in [
            ("https://evil/2", PagingFault::ForeignHost("https://evil".to_owned())),
            ("http://host/2", PagingFault::ForeignHost("http://host".to_owned())),
            ("https://host:8443/2", PagingFault::ForeignHost("https://host:8443".to_owned())),
            ("https://host@evil/2", PagingFault::ForeignHost("https://evil".to_owned())),
            ("/2", PagingFault::NotAnAddress),
            ("https://host/", PagingFault::Repeated),
            ("https://host/#again", PagingFault::Repeated),
        ] {
            assert_eq!(paging(json!(9)).after(&mut page(1, Some(link), false)), Err(fault), "{link}");
        }
        let mut paging = paging(json!(9));
        assert!(paging.after(&mut page(1, Some("https://host:443/2"), false)).is_ok());
        assert_eq!(paging.after(&mut page(1, Some("https://host:443/2"), false)), Err(PagingFault::Repeated));
    }
}
