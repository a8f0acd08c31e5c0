//! Another parser of PowerShell: tree-sitter's grammar, which editors use.

/// The tree of a text, with nodes for what the grammar does not understand.
pub(crate) fn tree(text: &str) -> tree_sitter::Tree {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).expect("the grammar fits the parser");
    parser.parse(text, None).expect("a tree")
}
