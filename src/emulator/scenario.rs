use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::directory::{FABRIKAM, READER, UNASSIGNED};
use super::script::{Fault, Grants, HEALTHY, Identities, PageTokens, Place, Planned, Script, Text};

macro_rules! scenarios {
    ($($(#[$attribute:meta])* $variant:ident, $name:literal, $description:literal;)*) => {
        /// What the emulated world is like.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Scenario {
            $(
                #[doc = concat!("`", $name, "`: ", $description, ".")]
                $(#[$attribute])*
                $variant,
            )*
        }

        impl Scenario {
            /// Every scenario, in the order in which they are listed to users.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name by which it is asked for.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// One line on what happens.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }
        }
    };
}

scenarios! {
    #[default]
    Healthy, "healthy", "every identity is assigned and granted, and nothing fails";
    NoIdentity, "no-identity", "the host has no managed identity";
    IdentityNotAssigned, "identity-not-assigned", "a client id is asked for that is not assigned to the host";
    AmbiguousIdentity, "ambiguous-identity", "two user-assigned identities, no system-assigned one, and none is named";
    WrongIdentity, "wrong-identity", "IMDS answers with another identity than the one asked for";
    WrongTenant, "wrong-tenant", "the identity lives in the tenant of fabrikam.onmicrosoft.com";
    NoAppRole, "no-app-role", "Exchange.ManageAsApp is not granted: 401";
    NoDirectoryRole, "no-directory-role", "no directory role is assigned: a 403 of NUL bytes";
    RoleGroupOnly, "role-group-only", "a role group of Exchange instead of a directory role: the token has no wids, and all works";
    Throttled, "throttled", "the first two cmdlets get 429 with Retry-After: 1";
    Overloaded, "overloaded", "the admin API answers 503 with HTML, always";
    OverloadException, "overload-exception", "the first two cmdlets fail with DCOverloadedException";
    FlakyNetwork, "flaky-network", "the first reply of IMDS and of the first cmdlet breaks off by a reset";
    Slow, "slow", "every answer of the admin API takes two seconds";
    Paging, "paging", "pages hold two rows, whatever size is asked for";
    TruncatedPaging, "truncated-paging", "pages hold two rows, and every next link is refused";
    ErrorsIn200, "errors-in-200", "cmdlets answer 200 with @adminapi.errors";
    CmdletError, "cmdlet-error", "every cmdlet fails: the object is not found";
    Redirected, "redirected", "the admin API answers 302 to a regional host";
    ImdsUpdating, "imds-updating", "IMDS answers 410 twice, then works";
    ImdsBusy, "imds-busy", "IMDS answers 429 with Retry-After: 2 once, then works";
    StaleToken, "stale-token", "the first token is refused with 401, a fresh one is accepted";
    Html200, "html-200", "IMDS answers 200 with a page of HTML";
    HostileText, "hostile-text", "display names carry escape sequences, bidirectional controls and formulas";
}

impl Scenario {
    /// The scenario as data. Each says only what differs from a healthy world.
    pub(crate) fn script(self) -> Script {
        match self {
            Self::Healthy => HEALTHY,
            Self::NoIdentity => Script { identities: Identities::None, ..HEALTHY },
            Self::IdentityNotAssigned => Script { client_id: Some(UNASSIGNED), ..HEALTHY },
            Self::AmbiguousIdentity => Script { identities: Identities::UserOnly, ..HEALTHY },
            Self::WrongIdentity => Script { client_id: Some(READER.client_id), ..faulty(&WRONG_IDENTITY) },
            Self::WrongTenant => Script { home: &FABRIKAM, ..HEALTHY },
            Self::NoAppRole => Script { grants: Grants::NoAppRole, ..HEALTHY },
            Self::NoDirectoryRole => Script { grants: Grants::NoDirectoryRole, ..HEALTHY },
            Self::RoleGroupOnly => Script { grants: Grants::RoleGroup, ..HEALTHY },
            Self::Throttled => faulty(&THROTTLED),
            Self::Overloaded => faulty(&OVERLOADED),
            Self::OverloadException => faulty(&OVERLOAD_EXCEPTION),
            Self::FlakyNetwork => faulty(&FLAKY_NETWORK),
            Self::Slow => Script { delay: Duration::from_secs(2), ..HEALTHY },
            Self::Paging => Script { page_limit: 2, ..HEALTHY },
            Self::TruncatedPaging => Script { page_limit: 2, page_tokens: PageTokens::Refused, ..HEALTHY },
            Self::ErrorsIn200 => faulty(&ERRORS_IN_200),
            Self::CmdletError => faulty(&CMDLET_ERROR),
            Self::Redirected => faulty(&REDIRECTED),
            Self::ImdsUpdating => faulty(&IMDS_UPDATING),
            Self::ImdsBusy => faulty(&IMDS_BUSY),
            Self::StaleToken => faulty(&STALE_TOKEN),
            Self::Html200 => faulty(&HTML_200),
            Self::HostileText => Script { text: Text::Hostile, ..HEALTHY },
        }
    }
}

static WRONG_IDENTITY: [Planned; 1] = [Planned::always(Place::Imds, Fault::OtherIdentity)];
static THROTTLED: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Throttled)];
static OVERLOADED: [Planned; 1] = [Planned::always(Place::Door, Fault::Overloaded)];
static OVERLOAD_EXCEPTION: [Planned; 1] = [Planned::first(2, Place::Invocation, Fault::Exception)];
static FLAKY_NETWORK: [Planned; 2] =
    [Planned::first(1, Place::Imds, Fault::Reset), Planned::first(1, Place::Reply, Fault::Reset)];
static ERRORS_IN_200: [Planned; 1] = [Planned::always(Place::Reply, Fault::Errors)];
static CMDLET_ERROR: [Planned; 1] = [Planned::always(Place::Invocation, Fault::NotFound)];
static REDIRECTED: [Planned; 1] = [Planned::always(Place::Door, Fault::Redirected)];
static IMDS_UPDATING: [Planned; 1] = [Planned::first(2, Place::Imds, Fault::Updating)];
static IMDS_BUSY: [Planned; 1] = [Planned::first(1, Place::Imds, Fault::Busy)];
static STALE_TOKEN: [Planned; 1] = [Planned::first(1, Place::Token, Fault::StaleToken)];
static HTML_200: [Planned; 1] = [Planned::always(Place::Imds, Fault::Page)];

fn faulty(faults: &'static [Planned]) -> Script {
    Script { faults, ..HEALTHY }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No scenario has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is named `{0}`")]
pub struct UnknownScenario(pub String);

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(name: &str) -> Result<Self, UnknownScenario> {
        let named = Self::ALL.iter().find(|scenario| scenario.name().eq_ignore_ascii_case(name));
        named.copied().ok_or_else(|| UnknownScenario(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name_and_described_in_one_line() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.to_string().parse(), Ok(*scenario));
            assert!(!scenario.description().is_empty() && !scenario.description().contains('\n'));
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> =
            Scenario::ALL.iter().map(|scenario| scenario.name()).collect();
        assert_eq!(names.len(), Scenario::ALL.len());
    }

    #[test]
    fn an_unknown_name_is_told() {
        assert_eq!("helthy".parse::<Scenario>(), Err(UnknownScenario("helthy".into())));
    }
}
