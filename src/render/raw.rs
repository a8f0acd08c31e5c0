//! What the server sent, page by page.

use std::io::{self, Write};

use super::safe;

#[derive(Default)]
pub(super) struct Raw {
    begun: bool,
}

impl Raw {
    /// Writes the text of a page, after a line end where one went before. A terminal gets the same JSON without blanks,
    /// and what it could take for an order is escaped.
    pub(super) fn page(&mut self, text: &str, terminal: bool, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            out.write_all(b"\n")?;
        }
        if !terminal {
            return out.write_all(text.as_bytes());
        }
        let mut escaped = Vec::new();
        safe::json(text.trim_start_matches('\u{feff}').trim_start(), false, &mut escaped);
        out.write_all(&escaped)
    }
}
