//! Runs one cmdlet and writes its rows while its pages arrive: no more than a page is in memory.
//!
//! `cargo run --locked --example rows -- --emulate`

mod place;

use std::io::Write;

use exo_mi::exchange::Call;
use exo_mi::session::Session;
use exo_mi::value::Value;
use place::{Outcome, Place};
use serde_json::json;

/// Rows borrow from their page, and a value from its row where no escape stands in the way.
async fn run(place: &Place, out: &mut dyn Write) -> Outcome {
    let session = Session::connect(place.plan()?).await?;
    let input = place::cmdlet("Get-Mailbox", &json!({ "ResultSize": "Unlimited" }));
    let mut invocation = session.invoke(Call::new(input, false)?);
    while let Some(page) = invocation.next().await? {
        for row in page.rows() {
            if let [Some(Value::Text(name)), Some(Value::Text(address))] =
                row.project(&["DisplayName", "PrimarySmtpAddress"]).as_slice()
            {
                writeln!(out, "{name} <{address}>")?;
            }
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    run(&Place::of_arguments()?, &mut std::io::stdout()).await
}

#[cfg(test)]
#[tokio::test]
async fn every_mailbox_is_written_though_pages_are_small() {
    let out = place::printed(exo_mi::emulator::Scenario::Paging, run).await;
    assert_eq!(out.lines().count(), 12);
    assert!(out.starts_with("Adele Vance <adele.vance@contoso.com>\n"), "{out}");
}
