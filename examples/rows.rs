//! Runs one cmdlet and writes its rows while its pages arrive: no more than a page is in memory.
//!
//! `cargo run --locked --example rows -- --emulate`

mod place;

use std::io::Write;

use exo_mi::exchange::{Call, CmdletInput};
use exo_mi::session::Session;
use exo_mi::value::Value;
use place::{Outcome, Place};
use serde_json::json;

/// A cmdlet as the service spells it, with parameters that are encoded already: the catalogue is not asked here.
fn mailboxes() -> CmdletInput {
    let parameters = json!({ "ResultSize": "Unlimited" });
    CmdletInput {
        cmdlet_name: "Get-Mailbox".to_owned(),
        parameters: parameters.as_object().cloned().unwrap_or_default(),
    }
}

/// Rows borrow from their page, and a value from its row where no escape stands in the way.
async fn run(place: &Place, out: &mut impl Write) -> Outcome {
    let session = Session::connect(place.plan()?).await?;
    let mut invocation = session.invoke(Call::new(mailboxes(), false)?);
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
async fn printed(scenario: exo_mi::emulator::Scenario) -> String {
    let mut out = Vec::new();
    run(&Place::emulated(scenario).expect("an emulator"), &mut out).await.expect("it runs");
    String::from_utf8(out).expect("text")
}

#[cfg(test)]
#[tokio::test]
async fn every_mailbox_is_written_though_pages_are_small() {
    let out = printed(exo_mi::emulator::Scenario::Paging).await;
    assert_eq!(out.lines().count(), 12);
    assert!(out.starts_with("Adele Vance <adele.vance@contoso.com>\n"), "{out}");
}
