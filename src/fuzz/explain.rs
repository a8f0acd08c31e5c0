//! Any text at all, as somebody copies it out of a log.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::catalog;
use crate::knowledge::{self, Code, Explanation, symptoms};

/// What may come out: nothing of the text does.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let symptoms = symptoms().into_iter().map(|symptom| symptom.id);
    symptoms.chain(Code::ALL.iter().map(|code| code.text().to_owned())).collect()
});

/// The text as it stands, and as Windows PowerShell writes it into a file.
pub fn explain(bytes: &[u8]) {
    let told = told(bytes);
    let ids: Vec<_> = told.iter().map(|told| told.id.clone()).collect();
    assert!(ids.iter().all(|id| KNOWN.contains(id)), "{ids:?}");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "nothing is told twice: {ids:?}");
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if !text.starts_with('\u{feff}') {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let wide: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        assert_eq!(self::told(&wide), told, "UTF-16 says the same");
    }
}

fn told(bytes: &[u8]) -> Vec<Explanation> {
    knowledge::explain(bytes, &|word| catalog::find(word).is_some())
}
