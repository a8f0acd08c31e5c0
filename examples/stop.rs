//! Reads page after page, and stops when somebody says so: between two pages here, and in the middle of a request or of
//! a wait as well.
//!
//! `cargo run --locked --example stop -- --emulate`

mod place;

use std::io::Write;

use exo_mi::exchange::Call;
use exo_mi::failure::Failure;
use exo_mi::session::Session;
use exo_mi::stop::{Signal, Stop};
use place::{Outcome, Place};
use serde_json::json;

const ENOUGH: usize = 6;

/// What came before the order is kept; what was under way ends with an error that says why.
async fn run(place: &Place, out: &mut dyn Write) -> Outcome {
    let (order, stop) = Stop::by_hand();
    let mut plan = place.plan()?;
    plan.limits.stop = stop;
    let session = Session::connect(plan).await?;
    let input = place::cmdlet("Get-Mailbox", &json!({ "ResultSize": "Unlimited" }));
    let mut call = Call::new(input, false)?;
    call.page_size = 2;
    let mut invocation = session.invoke(call);
    let mut count = 0;
    loop {
        match invocation.next().await {
            Ok(Some(page)) => count += page.len(),
            Ok(None) => return Ok(writeln!(out, "{count} mailboxes, and no more")?),
            Err(error) => {
                let failure = Failure::from(error);
                return Ok(writeln!(out, "{count} mailboxes, then: {}", failure.message)?);
            }
        }
        if count >= ENOUGH {
            order.stop(Signal::Interrupt);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    run(&Place::of_arguments()?, &mut std::io::stdout()).await
}

#[cfg(test)]
#[tokio::test]
async fn what_came_before_the_order_is_kept() {
    let out = place::printed(exo_mi::emulator::Scenario::Healthy, run).await;
    assert_eq!(out, "6 mailboxes, then: interrupted\n");
}
