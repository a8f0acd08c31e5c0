//! The table of symptoms: texts of the field, what causes them and what mends them.
//!
//! The table is a text that is edited by hand, `symptoms.rec`. It is read when something is to be explained and at no other
//! time; that it can be read is what a test holds.

/// A row of the table.
#[derive(Debug, Default)]
pub struct Symptom {
    /// Its stable name.
    pub id: String,
    /// The group that it stands in.
    pub group: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// Messages that mean it where they are all that is said.
    pub is: Vec<String>,
    /// Words that mean it wherever they stand; `…` is a gap.
    pub has: Vec<String>,
    /// Whether it is a frame around the message that matters.
    pub frame: bool,
    /// Why it happens.
    pub cause: String,
    /// What mends it.
    pub remedy: String,
    /// The commands that do, or that show what is wrong.
    pub run: Vec<String>,
    /// What is easily mistaken.
    pub note: Option<String>,
    /// The place in the documentation that says more.
    pub see: String,
}

const TABLE: &str = include_str!("symptoms.rec");

/// Every row of the table, in its order.
pub fn symptoms() -> Vec<Symptom> {
    rows(TABLE).filter_map(Result::ok).collect()
}

/// The rows of a table; a row that cannot be read is the line that is wrong.
fn rows(table: &'static str) -> impl Iterator<Item = Result<Symptom, &'static str>> {
    let mut group = "";
    table.split("\n\n").filter_map(move |paragraph| {
        let lines = || paragraph.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        if let Some(title) = lines().find_map(|line| line.strip_prefix("= ")) {
            group = title;
            return None;
        }
        lines().next().map(|_| row(group, lines()))
    })
}

fn row(group: &'static str, lines: impl Iterator<Item = &'static str>) -> Result<Symptom, &'static str> {
    let mut symptom = Symptom { group, ..Symptom::default() };
    let mut last = "";
    for line in lines {
        let goes_on = line.strip_prefix("  ");
        let (name, value) = match goes_on {
            Some(value) => (last, value),
            None => line.split_once(": ").ok_or(line)?,
        };
        symptom.take(name, value.trim(), goes_on.is_some()).ok_or(line)?;
        last = name;
    }
    Ok(symptom)
}

impl Symptom {
    /// Keeps a line of the row, where its name is known.
    fn take(&mut self, name: &str, value: &str, goes_on: bool) -> Option<()> {
        let list = match name {
            "is" => &mut self.is,
            "has" => &mut self.has,
            "run" => &mut self.run,
            _ => return self.set(name, value),
        };
        match list.last_mut() {
            Some(text) if goes_on => append(text, value),
            _ => list.push(value.to_owned()),
        }
        Some(())
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        let text = match name {
            "frame" => {
                self.frame = value == "yes";
                return self.frame.then_some(());
            }
            "id" => &mut self.id,
            "title" => &mut self.title,
            "cause" => &mut self.cause,
            "remedy" => &mut self.remedy,
            "note" => self.note.get_or_insert_default(),
            "see" => &mut self.see,
            _ => return None,
        };
        append(text, value);
        Some(())
    }
}

fn append(text: &mut String, value: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(value);
}
