//! The cmdlets that the emulator knows, as data.

use super::authenticate::Reach;
use crate::emulator::tenant::Set;

pub(crate) struct Cmdlet {
    pub(crate) name: &'static str,
    pub(crate) action: Action,
    pub(crate) set: Set,
    pub(crate) parameters: &'static [Parameter],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Get,
    Set,
    Remove,
}

pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What a value must be.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Boolean,
    /// A number or `Unlimited`.
    Count,
    /// One of these, or the beginning of one.
    Choice(&'static [&'static str]),
}

const IDENTITY: Parameter = Parameter { name: "Identity", kind: Kind::Text };
const RESULT_SIZE: Parameter = Parameter { name: "ResultSize", kind: Kind::Count };
const LISTING: &[Parameter] = &[IDENTITY, RESULT_SIZE];

const fn boolean(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Boolean }
}

const fn text(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Text }
}

pub(crate) const CMDLETS: &[Cmdlet] = &[
    Cmdlet { name: "Get-AcceptedDomain", action: Action::Get, set: Set::AcceptedDomain, parameters: LISTING },
    Cmdlet {
        name: "Get-DistributionGroup",
        action: Action::Get,
        set: Set::DistributionGroup,
        parameters: LISTING,
    },
    Cmdlet { name: "Get-Mailbox", action: Action::Get, set: Set::Mailbox, parameters: LISTING },
    Cmdlet {
        name: "Get-OrganizationConfig",
        action: Action::Get,
        set: Set::OrganizationConfig,
        parameters: &[],
    },
    Cmdlet { name: "Get-TransportRule", action: Action::Get, set: Set::TransportRule, parameters: LISTING },
    Cmdlet {
        name: "Remove-DistributionGroup",
        action: Action::Remove,
        set: Set::DistributionGroup,
        parameters: &[IDENTITY, boolean("BypassSecurityGroupManagerCheck")],
    },
    Cmdlet {
        name: "Set-AcceptedDomain",
        action: Action::Set,
        set: Set::AcceptedDomain,
        parameters: &[
            IDENTITY,
            Parameter {
                name: "DomainType",
                kind: Kind::Choice(&["Authoritative", "InternalRelay", "ExternalRelay"]),
            },
            boolean("MatchSubDomains"),
            boolean("OutboundOnly"),
            boolean("CanHaveCloudCache"),
            boolean("EnableNego2Authentication"),
            boolean("SendingFromDomainDisabled"),
            boolean("SendingToDomainDisabled"),
        ],
    },
    Cmdlet {
        name: "Set-Mailbox",
        action: Action::Set,
        set: Set::Mailbox,
        parameters: &[
            IDENTITY,
            text("DisplayName"),
            text("Office"),
            text("CustomAttribute1"),
            text("ForwardingSmtpAddress"),
            boolean("DeliverToMailboxAndForward"),
            boolean("HiddenFromAddressListsEnabled"),
            boolean("LitigationHoldEnabled"),
        ],
    },
];

/// What PowerShell lets every cmdlet be given. They arrive as text and change nothing here.
const COMMON: &[&str] = &[
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "Verbose",
    "WarningAction",
    "WarningVariable",
];

impl Cmdlet {
    /// The cmdlet of this name, if the caller's roles hold it.
    pub(crate) fn find(name: &str, reach: Reach) -> Option<&'static Self> {
        CMDLETS.iter().find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name) && cmdlet.is_within(reach))
    }

    pub(crate) fn is_within(&self, reach: Reach) -> bool {
        match reach {
            Reach::Nothing => false,
            Reach::Reading => self.action == Action::Get,
            Reach::Everything => true,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }
}

pub(crate) fn is_common(name: &str) -> bool {
    COMMON.iter().any(|common| common.eq_ignore_ascii_case(name))
}
