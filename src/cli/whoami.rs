//! `exo-mi whoami`: who the identity is, from its token alone. Nothing needs to be granted for that.

use clap::Args;

use super::Diagnostics;
use super::console::{Console, Kept};
use super::output::{self, OutputOptions};
use super::plan::PlanOptions;
use super::reserved::Reserved;
use crate::clock;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::Detection;
use crate::knowledge::{self, APP_ROLE};
use crate::render::Format;
use crate::session::Approach;
use crate::token::{AccessToken, UnverifiedClaims};
use crate::value::{Row, Value};
use crate::world::World;

#[derive(Args, Debug)]
#[command(
    after_help = "The token is read and not verified: what it says is for reading, and Exchange is the one to check it.\n\n\
    Examples:\n  exo-mi whoami\n  exo-mi whoami --client-id 11111111-2222-3333-4444-555555555555\n  \
    exo-mi whoami -o json --query '[0].ObjectId'"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    plan: PlanOptions,
    #[command(flatten)]
    output: OutputOptions,
}

type Fields = Vec<(&'static str, Value<'static>)>;

pub(super) async fn run(
    arguments: Arguments,
    diagnostics: &Diagnostics,
    world: &mut World,
) -> Result<Exit, Failure> {
    let options = arguments.output;
    let output = options.resolve(Reserved::default(), diagnostics.color, &world.env, &world.stdout)?;
    if output.format == Format::Raw {
        return Err(Failure::usage("-o raw is what a server sent, and this is made here"));
    }
    let planned = arguments.plan.plan_for_token(None, world)?;
    let sink = options.destination.open(&world.stdout)?;
    planned.begin().await?;
    let mut approach = Approach::begin(planned.plan)?;
    let held = approach.checked_token().await?;
    let fields = fields(&held.token, approach.plan().identity.detection());
    let mut console = Console::new(world, diagnostics, sink);
    let mut renderer = output.renderer(None);
    let written = renderer.page(std::iter::once(Row::Fields(&fields)), &mut console.sink);
    let outcome = match written.map_err(output::unwritten) {
        Ok(()) => {
            console.kept = Kept::Whole;
            console.finish(renderer, &output).map(|()| Exit::Done)
        }
        Err(failure) => failure.map_or(Ok(Exit::Done), Err),
    };
    console.end(outcome)
}

/// What the token says, in the names of the portal and of `az`.
fn fields(token: &AccessToken, detection: Detection) -> Fields {
    let claims = token.claims();
    let kind = kind(claims.as_ref(), detection);
    let claims = claims.unwrap_or_default();
    let time = |seconds: Option<u64>| seconds.and_then(clock::at).and_then(clock::iso);
    let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
    let list = |items: Vec<String>| Value::List(items.into_iter().map(Value::from).collect());
    vec![
        ("Source", detection.source.name().into()),
        ("Because", detection.because.into()),
        ("Kind", kind.into()),
        ("ClientId", text(claims.appid)),
        ("ObjectId", text(claims.oid)),
        ("TenantId", text(claims.tid)),
        ("ResourceId", text(claims.xms_mirid)),
        ("Audience", claims.aud.map_or_else(|| token.resource.clone().into(), Value::from)),
        ("AppRoles", list(claims.roles.clone())),
        ("DirectoryRoles", list(roles(&claims.wids))),
        ("HasAppRole", claims.roles.iter().any(|role| role == APP_ROLE).into()),
        ("HasDirectoryRole", (!knowledge::directory_roles(&claims.wids).is_empty()).into()),
        ("IssuedAt", text(time(claims.iat))),
        ("ExpiresAt", text(time(claims.exp))),
    ]
}

/// The names of the directory roles that are known, and the ids of the others.
fn roles(wids: &[String]) -> Vec<String> {
    let name = |id: &String| {
        let known = knowledge::directory_roles(std::slice::from_ref(id));
        known.first().map_or_else(|| id.clone(), |name| (*name).to_owned())
    };
    wids.iter().map(name).collect()
}

/// What kind of identity it is. A token of a managed identity names the Azure resource that it belongs to.
fn kind(claims: Option<&UnverifiedClaims>, detection: Detection) -> &'static str {
    let Some(claims) = claims else { return "unknown: the token is opaque" };
    match claims.xms_mirid.as_deref().map(str::to_ascii_lowercase) {
        _ if claims.is_a_persons() => "person",
        Some(id) if id.contains("/userassignedidentities/") => "user-assigned managed identity",
        Some(_) => "system-assigned managed identity",
        None if detection.source.is_a_hosts() => "managed identity",
        None => "application",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenSource;

    #[test]
    fn the_kind_follows_from_the_resource_that_the_token_names() {
        let detection = |source| Detection { source, because: "" };
        let claims = |mirid: Option<&str>| UnverifiedClaims {
            xms_mirid: mirid.map(str::to_owned),
            ..UnverifiedClaims::default()
        };
        let user =
            "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/r";
        for (mirid, source, expected) in [
            (Some(user), TokenSource::Imds, "user-assigned managed identity"),
            (
                Some("/subscriptions/s/…/virtualMachines/v"),
                TokenSource::Imds,
                "system-assigned managed identity",
            ),
            (None, TokenSource::Imds, "managed identity"),
            (None, TokenSource::Certificate, "application"),
            (None, TokenSource::WorkloadIdentity, "application"),
        ] {
            assert_eq!(kind(Some(&claims(mirid)), detection(source)), expected, "{mirid:?}");
        }
        let person = UnverifiedClaims { scp: Some("x".to_owned()), ..UnverifiedClaims::default() };
        assert_eq!(kind(Some(&person), detection(TokenSource::AccessToken)), "person");
        assert!(kind(None, detection(TokenSource::Imds)).contains("opaque"));
    }

    #[test]
    fn roles_that_are_not_known_keep_their_ids() {
        let wids = ["f2ef992c-3afb-46b9-b7cf-a126ee74c451".to_owned(), "x".to_owned()];
        assert_eq!(roles(&wids), ["Global Reader", "x"]);
    }
}
