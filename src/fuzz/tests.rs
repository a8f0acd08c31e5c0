//! A little fuzzing in every run of the tests: each input that is kept, as it stands and spoilt in a few hundred ways.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// A target by its name.
type Target = (&'static str, fn(&[u8]));

macro_rules! targets {
    ($($name:ident),+ $(,)?) => { [$((stringify!($name), super::$name as fn(&[u8]))),+] };
}

const TARGETS: [Target; 16] = targets![
    arc_challenge,
    batch_reply,
    certificate_file,
    claims,
    command,
    explain,
    line,
    literal,
    module_file,
    moment,
    opath_filter,
    page,
    reply_body,
    script,
    service_error,
    token_reply,
];

/// Longer than any input that is kept.
const LONGEST: usize = 4096;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// The names of what lies in a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// What is kept for a target, in the order of the names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = folder("corpus").join(target);
    names(&folder).iter().map(|name| fs::read(folder.join(name)).expect("a file")).collect()
}

/// Numbers that look like chance and are the same on every machine: `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("less than a usize")
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A stretch of bytes, of which most are short.
    fn stretch<'a>(&mut self, of: &'a [u8]) -> &'a [u8] {
        let start = self.below(of.len() + 1);
        let most = (of.len() - start).min(1 << self.below(8));
        &of[start..start + self.below(most + 1)]
    }
}

/// Pieces that mean something to one reader or another.
const PIECES: [&[u8]; 28] = [
    b"\"",
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"1e999",
    b"-1",
    b"$",
    b"@",
    b"@{",
    b"`",
    b"|",
    b"*",
    b" ",
    b"\n",
    b"\x1b[",
    b"\xe2\x80\xae",
    b"\xff",
    b"\0",
    b"../",
];

/// The input, spoilt in one to four places.
fn spoilt(input: &[u8], all: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = at + chance.stretch(&bytes[at..]).len();
        let piece = match chance.below(5) {
            0 => Vec::new(),
            1 => chance.pick(&PIECES).to_vec(),
            2 => vec![u8::try_from(chance.below(256)).expect("a byte")],
            3 => {
                let other = &all[chance.below(all.len())];
                chance.stretch(other).to_vec()
            }
            _ => bytes[at..end].repeat(2),
        };
        bytes.splice(at..end, piece);
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Runs a target, and says what it was given where it panics.
fn run((name, target): Target, bytes: &[u8]) {
    let taken = catch_unwind(AssertUnwindSafe(|| target(bytes))).is_ok();
    assert!(
        taken,
        "{name} does not take {:?}\nkeep it in fuzz/corpus/{name}/",
        bytes.escape_ascii().to_string()
    );
}

#[test]
fn every_target_takes_what_is_kept_for_it_and_what_is_like_it() {
    const EACH: usize = 250;
    for target in TARGETS {
        // Without optimisation a text that is explained costs as much as twenty others.
        let each = if target.0 == "explain" { EACH / 10 } else { EACH };
        let kept = corpus(target.0);
        for bytes in &kept {
            run(target, bytes);
        }
        let mut chance = Chance(EACH as u64);
        for _ in 0..each {
            let input = &kept[chance.below(kept.len())];
            run(target, &spoilt(input, &kept, &mut chance));
        }
    }
}

#[test]
fn every_target_has_its_file_its_row_and_small_inputs() {
    let manifest = fs::read_to_string(folder("Cargo.toml")).expect("fuzz/Cargo.toml");
    let rows = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
    let known = || TARGETS.iter().map(|(name, _)| (*name).to_owned());
    assert_eq!(rows.map(str::to_owned).collect::<BTreeSet<_>>(), known().collect());
    assert_eq!(names(&folder("corpus")), known().collect());
    assert_eq!(names(&folder("fuzz_targets")), known().map(|name| format!("{name}.rs")).collect());
    for name in known() {
        let text = fs::read_to_string(folder("fuzz_targets").join(format!("{name}.rs"))).expect("a target");
        assert!(text.contains(&format!("exo_mi::fuzz::{name}(bytes)")), "{name}");
        let kept = corpus(&name);
        assert!(kept.len() > 1 && kept.iter().all(|bytes| bytes.len() <= LONGEST), "{name}");
    }
}
