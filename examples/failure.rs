//! Runs a cmdlet for an object that is not there, and decides by the kind of failure what to do about it.
//!
//! `cargo run --locked --example failure -- --emulate`

mod place;

use std::io::Write;

use exo_mi::exchange::Call;
use exo_mi::exit::Exit;
use exo_mi::failure::Failure;
use exo_mi::session::{Error, Session};
use place::{Outcome, Place};
use serde_json::json;

async fn ask(place: &Place) -> Result<usize, Box<dyn std::error::Error>> {
    let input = place::cmdlet("Get-Mailbox", &json!({ "Identity": "nobody@contoso.com" }));
    let session = Session::connect(place.plan()?).await?;
    let page = session.invoke(Call::new(input, false)?).next().await?;
    Ok(page.map_or(0, |page| page.len()))
}

/// A `Failure` is what the program prints: the code of `docs/errors.md`, what mends it, and the exit code, which says
/// what can be done.
async fn run(place: &Place, out: &mut dyn Write) -> Outcome {
    let error = match ask(place).await {
        Ok(count) => return Ok(writeln!(out, "{count} mailboxes")?),
        Err(error) => error.downcast::<Error>()?,
    };
    let failure = Failure::from(*error);
    let advice = match failure.exit {
        Exit::Unavailable => "try again later",
        Exit::Denied => "an administrator has to grant something",
        Exit::Identity => "this host has no identity",
        _ => "the command has to change",
    };
    writeln!(out, "{}: {}; {advice}", failure.code.text(), failure.message)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    run(&Place::of_arguments()?, &mut std::io::stdout()).await
}

#[cfg(test)]
#[tokio::test]
async fn what_is_not_there_is_told_from_what_is_not_granted() {
    use exo_mi::emulator::Scenario;
    let out = place::printed(Scenario::Healthy, run).await;
    assert_eq!(
        out,
        "cmdlet-failed: Exchange Online refused `Get-Mailbox` (400); the command has to change\n"
    );
    let out = place::printed(Scenario::NoDirectoryRole, run).await;
    assert!(out.starts_with("directory-role-missing: ") && out.contains("has to grant"), "{out}");
}
