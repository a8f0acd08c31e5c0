//! Reads one source file: which paths of this crate it names, wherever they stand, and how much of it is tests.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, Meta, Token, UseTree, Visibility};

/// A path that leads somewhere in this crate.
pub(crate) struct Mention {
    /// The line it stands on, from 1.
    pub(crate) line: usize,
    /// The path as it was written.
    pub(crate) written: String,
    /// Its segments from the root of the crate, `["http", "Request"]`. None at all is the root itself, under whose
    /// name every room could be reached unseen.
    pub(crate) absolute: Vec<String>,
    /// Whether a `pub use` hands it on.
    pub(crate) handed_on: bool,
    /// Whether it ends in `*`.
    pub(crate) glob: bool,
}

/// What one file holds.
#[derive(Default)]
pub(crate) struct Source {
    /// Every path that leads into this crate, outside of tests.
    pub(crate) mentions: Vec<Mention>,
    /// The lines that tests occupy.
    pub(crate) test_lines: BTreeSet<usize>,
    /// The modules declared here, outside of tests: line and name.
    pub(crate) modules: Vec<(usize, String)>,
    /// The modules declared here that exist in tests alone, from the root of the crate.
    pub(crate) test_modules: Vec<Vec<String>>,
    /// What would keep this reading from being true: line and reason.
    pub(crate) faults: Vec<(usize, String)>,
    /// Whether there is anything but modules and imports at the top of the file.
    pub(crate) has_code: bool,
}

/// Reads the text of the module that stands at `module`, from the root of the crate.
pub(crate) fn read(text: &str, module: &[String]) -> syn::Result<Source> {
    let file = syn::parse_file(text)?;
    let mut reader = Reader { module: module.to_vec(), in_attribute: false, source: Source::default() };
    if is_test(&file.attrs) {
        reader.source.test_lines = (1..=text.lines().count()).collect();
    } else {
        reader.source.has_code = file.items.iter().any(|item| match item {
            Item::Mod(module) => module.content.is_some(),
            Item::Use(_) => false,
            _ => true,
        });
        reader.visit_file(&file);
    }
    Ok(reader.source)
}

struct Reader {
    module: Vec<String>,
    in_attribute: bool,
    source: Source,
}

impl Reader {
    /// Notes a path if it leads into this crate.
    fn note(&mut self, segments: &[String], span: Span, handed_on: bool, glob: bool) {
        let Some(first) = segments.first() else { return };
        let mut absolute = match first.as_str() {
            "crate" | "exo_mi" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return,
        };
        for segment in &segments[usize::from(first == "exo_mi")..] {
            match segment.as_str() {
                "super" => drop(absolute.pop()),
                "crate" | "self" => {}
                name => absolute.push(name.to_owned()),
            }
        }
        let written = segments.join("::") + if glob { "::*" } else { "" };
        self.source.mentions.push(Mention { line: span.start().line, written, absolute, handed_on, glob });
    }

    /// Notes every path that an import spells out.
    fn note_import(&mut self, prefix: &[String], tree: &UseTree, handed_on: bool) {
        let with = |ident: &syn::Ident| [prefix, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.note_import(&with(&path.ident), &path.tree, handed_on),
            UseTree::Name(name) => self.note(&with(&name.ident), name.ident.span(), handed_on, false),
            UseTree::Rename(name) => self.note(&with(&name.ident), name.ident.span(), handed_on, false),
            UseTree::Glob(glob) => self.note(prefix, glob.span(), handed_on, true),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.note_import(prefix, tree, handed_on);
                }
            }
        }
    }

    /// Reads tokens that no grammar is known for: the inside of a macro call, of a macro's definition, of an attribute.
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(start) if is_path_separator(&tokens[at..]) => {
                    at += self.scan_path(start, &tokens[at..]);
                }
                TokenTree::Literal(literal) if self.in_attribute => self.scan_quoted(literal),
                _ => {}
            }
        }
    }

    /// Reads a path in tokens whose first segment has been read; returns how many tokens it takes beyond that one.
    fn scan_path(&mut self, start: &proc_macro2::Ident, tokens: &[TokenTree]) -> usize {
        let mut segments = vec![start.to_string()];
        let mut at = 0;
        while is_path_separator(&tokens[at..]) {
            match tokens.get(at + 2) {
                Some(TokenTree::Ident(ident)) => segments.push(ident.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let trees = Punctuated::<UseTree, Token![,]>::parse_terminated.parse2(group.stream());
                    for tree in trees.iter().flatten() {
                        self.note_import(&segments, tree, false);
                    }
                    return at + 3;
                }
                Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
                    self.note(&segments, start.span(), false, true);
                    return at + 3;
                }
                _ => {
                    at += 2;
                    break;
                }
            }
            at += 3;
        }
        self.note(&segments, start.span(), false, false);
        at
    }

    /// Reads a path that an attribute holds in quotes, as `#[serde(with = "crate::value::text")]` does.
    fn scan_quoted(&mut self, literal: &proc_macro2::Literal) {
        let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { return };
        if let Ok(path) = text.parse::<syn::Path>() {
            self.note(&segments(&path), literal.span(), false, false);
        }
    }

    fn skip_test(&mut self, span: Span) {
        self.source.test_lines.extend(span.start().line..=span.end().line);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            return visit::visit_item(self, item);
        }
        self.skip_test(item.span());
        if let Item::Mod(module) = item {
            self.source.test_modules.push([&self.module[..], &[module.ident.to_string()]].concat());
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        match item {
            ImplItem::Fn(function) if is_test(&function.attrs) => self.skip_test(function.span()),
            ImplItem::Const(constant) if is_test(&constant.attrs) => self.skip_test(constant.span()),
            _ => visit::visit_impl_item(self, item),
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let line = item.ident.span().start().line;
        self.source.modules.push((line, item.ident.to_string()));
        if item.attrs.iter().any(|attribute| attribute.path().is_ident("path")) {
            let reason = "`#[path]` puts a module where its name does not say";
            self.source.faults.push((line, reason.to_owned()));
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_import(&[], &item.tree, !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        if item.ident == "self" {
            let reason = "`extern crate self` gives the crate a second name";
            self.source.faults.push((item.ident.span().start().line, reason.to_owned()));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.note(&segments(path), path.span(), false, false);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("include") {
            let reason = "`include!` brings in code that is not read here";
            self.source.faults.push((call.span().start().line, reason.to_owned()));
        }
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if !attribute.path().is_ident("doc") {
            self.in_attribute = true;
            visit::visit_attribute(self, attribute);
            self.in_attribute = false;
        }
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.scan(tokens.clone());
    }

    /// `pub(crate)` and `pub(in …)` say who may look in, not what is looked at.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

fn is_path_separator(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(a), TokenTree::Punct(b), ..] if a.as_char() == ':' && b.as_char() == ':')
}

/// Whether the attributes leave an item to tests alone.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args::<Meta>().is_ok_and(|predicate| requires_test(&predicate))
        }
        Meta::Path(path) => path.segments.last().is_some_and(|segment| segment.ident == "test"),
        _ => false,
    })
}

/// Fuzzing is testing: no program that is released has anything of it.
fn requires_test(predicate: &Meta) -> bool {
    let parts = |list: &syn::MetaList| {
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default()
    };
    match predicate {
        Meta::Path(path) => path.is_ident("test") || path.is_ident("fuzzing"),
        Meta::List(list) if list.path.is_ident("all") => parts(list).iter().any(requires_test),
        Meta::List(list) if list.path.is_ident("any") => {
            let any = parts(list);
            !any.is_empty() && any.iter().all(requires_test)
        }
        _ => false,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
