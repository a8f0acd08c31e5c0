//! One page of a result.

use std::ops::Range;

use uuid::Uuid;

use super::ServiceError;
use super::envelope::Unreadable;
use super::reader::{Keep, Reader};
use crate::secret::{Secret, blank_text};
use crate::value::Row;

/// The text of a reply and where its rows lie in it.
#[derive(Debug, Default)]
pub struct Page {
    pub(super) text: String,
    pub(super) rows: Vec<Range<usize>>,
    /// The text in which the rows lie, where they were made from that of the reply.
    pub(super) made: Option<String>,
    /// How many objects the reply held.
    pub(super) objects: usize,
    /// Whether a list within an object goes on at an address of its own.
    pub(super) continues: bool,
    /// Properties of the objects that were left out, since they were not wanted.
    pub left_out: Vec<String>,
    /// Where the next page is, as the service wrote it.
    pub next_link: Option<String>,
    /// What the service warns of.
    pub warnings: Vec<String>,
    /// Errors that did not stop the cmdlet.
    pub errors: Vec<ServiceError>,
    /// What a validation call says would happen.
    pub confirmation: Option<String>,
    /// The service's own number of the request.
    pub request_id: Option<String>,
    /// The number by which this command's requests are found.
    pub client_request_id: Uuid,
}

impl Page {
    /// Takes a secret out of what is shown to people; the rows are data and stay as they came.
    pub(super) fn blank(&mut self, secret: &Secret) {
        for warning in &mut self.warnings {
            *warning = blank_text(warning, secret);
        }
        if let Some(question) = &mut self.confirmation {
            *question = blank_text(question, secret);
        }
        for error in &mut self.errors {
            error.blank(secret);
        }
    }

    /// Reads a cmdlet's page out of the pieces in which it arrives, as it is read from a connection.
    pub fn arriving<'p>(pieces: impl IntoIterator<Item = &'p [u8]>, keep: Keep) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(keep);
        pieces.into_iter().for_each(|piece| reader.take(piece));
        reader.finish(false)
    }

    /// The text of the whole page, as it was sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rows, borrowing from the page's text.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.texts().map(Row::Json)
    }

    /// The JSON of each row.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        let text = self.made.as_ref().unwrap_or(&self.text);
        self.rows.iter().map(|span| &text[span.clone()])
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
