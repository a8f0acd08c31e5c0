//! Takes a token and says what it says about itself. Nothing is sent to Exchange.
//!
//! `cargo run --locked --example token -- --emulate`

mod place;

use std::io::Write;

use exo_mi::session::Session;
use place::{Outcome, Place};

/// The token itself is `session.token().secret`, which prints nothing unless it is exposed.
async fn run(place: &Place, out: &mut dyn Write) -> Outcome {
    let session = Session::connect(place.plan()?).await?;
    let claims = session.token().claims().ok_or("the token says nothing about itself")?;
    writeln!(out, "application {}", claims.appid.unwrap_or_default())?;
    writeln!(out, "app roles {}", claims.roles.join(", "))?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    run(&Place::of_arguments()?, &mut std::io::stdout()).await
}

#[cfg(test)]
#[tokio::test]
async fn a_token_is_taken_and_read() {
    let out = place::printed(exo_mi::emulator::Scenario::Healthy, run).await;
    assert_eq!(out, "application 11111111-1111-4111-8111-111111111111\napp roles Exchange.ManageAsApp\n");
}
