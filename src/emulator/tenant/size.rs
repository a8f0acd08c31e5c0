//! Sizes as Exchange writes them.

const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];

/// `1.2 GB (1,288,490,189 bytes)`: four digits that count, and then every one.
pub(crate) fn size(bytes: u64) -> String {
    let power = (0..UNITS.len()).rev().find(|&power| bytes >= 1 << (10 * power)).unwrap_or(0);
    #[allow(clippy::cast_precision_loss)] // Four digits are all that is shown.
    let amount = bytes as f64 / (1_u64 << (10 * power)) as f64;
    let whole = amount.trunc().to_string().len();
    let text = format!("{amount:.*}", 4_usize.saturating_sub(whole));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {} ({} bytes)", UNITS[power], grouped(bytes))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_exchange_does() {
        for (bytes, text) in [
            (0, "0 B (0 bytes)"),
            (512, "512 B (512 bytes)"),
            (22_350, "21.83 KB (22,350 bytes)"),
            (155_492_111, "148.3 MB (155,492,111 bytes)"),
            (1_288_490_189, "1.2 GB (1,288,490,189 bytes)"),
            (53_687_091_200, "50 GB (53,687,091,200 bytes)"),
            (53_150_220_288, "49.5 GB (53,150,220,288 bytes)"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
