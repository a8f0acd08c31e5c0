//! A large page is read on a thread of its own, while the one that asked takes it from the wire and unpacks it.

use std::io;
use std::mem;
use std::panic;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::reader::{Keep, Reader};
use crate::http::Intake;

/// Up to so many bytes a page is read where it arrives: the start of a thread would cost more than it saves.
const SMALL: usize = 512 * 1024;

/// How much is handed over at once, and how often that may lie there until it is read.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 8;

/// Takes a page, and has it read.
pub(super) struct Aside {
    reader: Reader,
    apart: Option<Apart>,
    small: usize,
    taken: usize,
}

/// A reader at work.
struct Apart {
    piece: Vec<u8>,
    pieces: SyncSender<Vec<u8>>,
    thread: JoinHandle<Reader>,
}

impl Aside {
    pub(super) fn new(reader: Reader) -> Self {
        Self { reader, apart: None, small: SMALL, taken: 0 }
    }

    /// The reader, once all of the page came.
    pub(super) fn into_reader(self) -> Reader {
        match self.apart {
            Some(apart) => apart.end(),
            None => self.reader,
        }
    }

    /// Has the reader go on by itself; where no thread can be had it stays.
    fn depart(&mut self) {
        let (hand_over, take_over) = sync_channel::<Reader>(1);
        let (pieces, come) = sync_channel::<Vec<u8>>(WAITING);
        let read = move || {
            let mut reader = take_over.recv().unwrap_or_else(|_| Reader::new(Keep::default()));
            for piece in come {
                reader.take(&piece);
            }
            reader
        };
        match Builder::new().name("page".to_owned()).spawn(read) {
            Ok(thread) => {
                let reader = mem::replace(&mut self.reader, Reader::new(Keep::default()));
                // There is room for one, and the thread waits for it.
                let _ = hand_over.send(reader);
                self.apart = Some(Apart { piece: Vec::with_capacity(PIECE), pieces, thread });
            }
            Err(_) => self.small = usize::MAX,
        }
    }
}

impl Apart {
    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                let piece = mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
                // A thread that takes no more has panicked, which is told at the end.
                let _ = self.pieces.send(piece);
            }
        }
    }

    fn end(self) -> Reader {
        let _ = self.pieces.send(self.piece);
        drop(self.pieces);
        self.thread.join().unwrap_or_else(|why| panic::resume_unwind(why))
    }
}

impl io::Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.taken += bytes.len();
        if let Some(apart) = &mut self.apart {
            apart.take(bytes);
            return Ok(bytes.len());
        }
        self.reader.take(bytes);
        if self.taken > self.small {
            self.depart();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Intake for Aside {
    fn taken(&self) -> usize {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::page::Page;
    use super::*;

    #[test]
    fn a_large_page_is_the_same_as_one_that_is_read_where_it_arrives() {
        let row = format!("{{\"Name\":\"{}\",\"Size@odata.type\":\"x\"}}", "é".repeat(20_000));
        let body = format!("{{\"value\":[{}],\"@odata.nextLink\":\"n\"}}", vec![row; 60].join(","));
        let here = Page::arriving([body.as_bytes()], Keep::Objects).expect("a page");
        for length in [1_000, 64 * 1024, 10 << 20] {
            let mut aside = Aside::new(Reader::new(Keep::Objects));
            body.as_bytes().chunks(length).for_each(|piece| aside.write_all(piece).expect("taken"));
            assert!(aside.apart.is_some() && aside.taken() == body.len());
            let there = aside.into_reader().finish(false).expect("a page");
            assert_eq!((there.len(), &there.next_link), (60, &here.next_link));
            assert_eq!(format!("{:?}", there.rows().last()), format!("{:?}", here.rows().last()));
        }
    }

    #[test]
    fn a_small_page_and_one_that_nobody_finishes_leave_nothing_behind() {
        let mut aside = Aside::new(Reader::new(Keep::Objects));
        aside.write_all(b"{\"value\":[]}").expect("taken");
        assert!(aside.apart.is_none());
        assert!(aside.into_reader().finish(false).expect("a page").is_empty());
        let mut given_up = Aside::new(Reader::new(Keep::Objects));
        given_up.write_all(&vec![b' '; SMALL + 1]).expect("taken");
        let thread = given_up.apart.map(|apart| (drop(apart.pieces), apart.thread)).expect("a thread").1;
        assert!(thread.join().is_ok(), "it ends with what was to come");
    }
}
