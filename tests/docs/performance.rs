//! The page of figures and the benchmark that makes them speak of the same rows.

use super::text_of;

/// The rows of the benchmark, by the names under which they are asked for.
fn measured_rows() -> Vec<String> {
    let text = text_of("benches/rows.py");
    let rows = text.split("    Row(\n").skip(1);
    rows.map(|row| row.split('"').nth(1).expect("a row begins with its name").to_owned()).collect()
}

/// What stands in code behind each of these beginnings of a line.
fn names_behind(text: &str, beginning: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(beginning));
    lines.map(|rest| rest.split('`').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_page_of_figures_has_the_rows_of_the_benchmark() {
    let page = text_of("docs/performance.md");
    let (explained, rest) = page.split_once("<!-- measured: begin -->").expect("figures begin");
    let (figures, _) = rest.split_once("<!-- measured: end -->").expect("figures end");
    let rows = measured_rows();
    assert!(rows.len() > 5 && rows.contains(&"cold".to_owned()), "{rows:?}");
    assert_eq!(names_behind(explained, "| `"), rows);
    assert_eq!(names_behind(figures, "### `"), rows, "python3 benches/bench.py --large --write");
}
