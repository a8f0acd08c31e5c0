//! The two organizations and the identities that live in them: what the emulated directory knows.

use super::selector::Kind;

/// An organization of Microsoft 365.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Organization {
    pub(crate) name: &'static str,
    pub(crate) tenant: &'static str,
    pub(crate) domains: &'static [&'static str],
}

pub(crate) static CONTOSO: Organization = Organization {
    name: "contoso.onmicrosoft.com",
    tenant: "5f0f6c3a-7a53-4a0b-9d0e-2f4a5b6c7d8e",
    domains: &["contoso.onmicrosoft.com", "contoso.com", "relay.contoso.com"],
};

pub(crate) static FABRIKAM: Organization = Organization {
    name: "fabrikam.onmicrosoft.com",
    tenant: "c1d2e3f4-0a1b-4c2d-8e3f-4a5b6c7d8e9f",
    domains: &["fabrikam.onmicrosoft.com", "fabrikam.com", "relay.fabrikam.com"],
};

/// The organization that a domain or a tenant id names.
pub(crate) fn organization(name: &str) -> Option<&'static Organization> {
    [&CONTOSO, &FABRIKAM].into_iter().find(|organization| {
        let domain = |domain: &&str| domain.eq_ignore_ascii_case(name);
        organization.tenant.eq_ignore_ascii_case(name) || organization.domains.iter().any(domain)
    })
}

/// A managed identity.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The display name, that of its resource where it has one.
    pub(crate) name: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) object_id: &'static str,
    pub(crate) resource_id: &'static str,
    /// The directory role that it holds where the scenario grants roles at all.
    pub(crate) role: DirectoryRole,
}

impl Identity {
    /// One of its ids.
    pub(crate) fn id(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Client => self.client_id,
            Kind::Object => self.object_id,
            Kind::Resource => self.resource_id,
        }
    }
}

/// A directory role, by what it lets an application do in Exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DirectoryRole {
    ExchangeAdministrator,
    GlobalReader,
}

impl DirectoryRole {
    pub(crate) fn template_id(self) -> &'static str {
        match self {
            Self::ExchangeAdministrator => "29232cdf-9323-42fd-ade2-1d097af3e4de",
            Self::GlobalReader => "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        }
    }
}

/// The system-assigned identity of the emulated virtual machine.
pub(crate) static MACHINE: Identity = Identity {
    name: "vm-exchange",
    client_id: "11111111-1111-4111-8111-111111111111",
    object_id: "a1111111-1111-4111-8111-111111111111",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.Compute/virtualMachines/vm-exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated Automation account.
pub(crate) static AUTOMATION_ACCOUNT: Identity = Identity {
    name: "aa-exchange",
    client_id: "22222222-2222-4222-8222-222222222222",
    object_id: "a2222222-2222-4222-8222-222222222222",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.Automation/automationAccounts/aa-exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated Arc-enabled server.
pub(crate) static ARC_SERVER: Identity = Identity {
    name: "srv-exchange",
    client_id: "55555555-5555-4555-8555-555555555555",
    object_id: "a5555555-5555-4555-8555-555555555555",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.HybridCompute/machines/srv-exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated Service Fabric application.
pub(crate) static FABRIC_APPLICATION: Identity = Identity {
    name: "exchange",
    client_id: "66666666-6666-4666-8666-666666666666",
    object_id: "a6666666-6666-4666-8666-666666666666",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.ServiceFabric/clusters/sf-exchange/applications/exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated compute of Azure Machine Learning.
pub(crate) static COMPUTE: Identity = Identity {
    name: "ci-exchange",
    client_id: "77777777-7777-4777-8777-777777777777",
    object_id: "a7777777-7777-4777-8777-777777777777",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.MachineLearningServices/workspaces/ml-exchange/computes/ci-exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated web site.
pub(crate) static WEB_SITE: Identity = Identity {
    name: "exchange-tools",
    client_id: "88888888-8888-4888-8888-888888888888",
    object_id: "a8888888-8888-4888-8888-888888888888",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.Web/sites/exchange-tools",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The system-assigned identity of the emulated container group.
pub(crate) static CONTAINER_GROUP: Identity = Identity {
    name: "ci-exchange",
    client_id: "cccccccc-1111-4111-8111-cccccccccccc",
    object_id: "accccccc-1111-4111-8111-cccccccccccc",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg-exchange/providers/Microsoft.ContainerInstance/containerGroups/ci-exchange",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The application that trusts the service account of the emulated pod.
pub(crate) static WORKLOAD: Identity = Identity {
    name: "exchange-pods",
    client_id: "dddddddd-1111-4111-8111-dddddddddddd",
    object_id: "addddddd-1111-4111-8111-dddddddddddd",
    resource_id: "",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The application that has a certificate.
pub(crate) static CERTIFIED: Identity = Identity {
    name: "exchange-tools",
    client_id: "eeeeeeee-1111-4111-8111-eeeeeeeeeeee",
    object_id: "aeeeeeee-1111-4111-8111-eeeeeeeeeeee",
    resource_id: "",
    role: DirectoryRole::ExchangeAdministrator,
};

/// The person who is signed in to Cloud Shell.
pub(crate) struct Person {
    alias: &'static str,
    /// The client that the person is signed in through, under the person's own object id.
    pub(crate) through: Identity,
}

pub(crate) static PERSON: Person = Person {
    alias: "adele.vance",
    through: Identity {
        name: "Adele Vance",
        client_id: "b677c290-cf4b-4a8e-a60e-91ba650a4abe",
        object_id: "afffffff-1111-4111-8111-ffffffffffff",
        resource_id: "",
        role: DirectoryRole::ExchangeAdministrator,
    },
};

impl Person {
    /// The name by which the person signs in.
    pub(crate) fn name(&self, home: &Organization) -> String {
        format!("{}@{}", self.alias, home.name)
    }
}

/// User-assigned, and allowed everything.
pub(crate) static OPERATOR: Identity = Identity {
    name: "id-exchange-operator",
    client_id: "33333333-3333-4333-8333-333333333333",
    object_id: "a3333333-3333-4333-8333-333333333333",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourcegroups/rg-exchange/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-exchange-operator",
    role: DirectoryRole::ExchangeAdministrator,
};

/// User-assigned, and allowed to read.
pub(crate) static READER: Identity = Identity {
    name: "id-exchange-reader",
    client_id: "44444444-4444-4444-8444-444444444444",
    object_id: "a4444444-4444-4444-8444-444444444444",
    resource_id: "/subscriptions/00000000-1111-4222-8333-444444444444/resourcegroups/rg-exchange/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-exchange-reader",
    role: DirectoryRole::GlobalReader,
};

/// Every service principal of the tenant but that of Exchange. Two machines share a name, and so do a web site and an
/// application, as happens in life.
pub(crate) static PRINCIPALS: [&Identity; 11] = [
    &MACHINE,
    &AUTOMATION_ACCOUNT,
    &ARC_SERVER,
    &FABRIC_APPLICATION,
    &COMPUTE,
    &CONTAINER_GROUP,
    &CERTIFIED,
    &WEB_SITE,
    &WORKLOAD,
    &OPERATOR,
    &READER,
];

/// Whoever may grant, and through which client: that of the Azure CLI.
pub(crate) static GRANTOR: Person = Person {
    alias: "admin",
    through: Identity {
        name: "Administrator",
        client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        object_id: "abbbbbbb-1111-4111-8111-bbbbbbbbbbbb",
        resource_id: "",
        role: DirectoryRole::GlobalReader,
    },
};

/// A client id that no identity of the emulator has.
pub(crate) const UNASSIGNED: &str = "99999999-9999-4999-8999-999999999999";

/// The Automation account's own id, in its error texts.
pub(crate) const ACCOUNT_ID: &str = "7d1f0c52-4f7e-4c7c-8a63-0f6a2f0e9b11";
