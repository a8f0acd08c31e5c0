//! Mobile devices, made up from the number of their mailbox.

use super::person::{Person, guid};
use super::row::Filling;

/// One kind of device, by how it synchronizes.
struct Model {
    client: &'static str,
    kind: &'static str,
    name: &'static str,
    system: &'static str,
    agent: &'static str,
    version: &'static str,
}

const MODELS: [Model; 2] = [
    Model {
        client: "Outlook",
        kind: "Outlook",
        name: "Outlook for iOS and Android",
        system: "iOS 26.1",
        agent: "Outlook-iOS/2.0",
        version: "Mobile",
    },
    Model {
        client: "EAS",
        kind: "iPhone",
        name: "iPhone 15",
        system: "iOS 26.0 23A341",
        agent: "Apple-iPhone15C4/2301.341",
        version: "16.1",
    },
];

/// What stands for each device of a mailbox in a template.
pub(crate) fn fillings(person: &Person) -> Vec<Filling> {
    (0..person.devices()).map(|index| filling(person, index)).collect()
}

fn filling(person: &Person, index: usize) -> Filling {
    let model = &MODELS[index];
    let guid = guid(&person.alias, &format!("device {index}"));
    let id = guid.replace('-', "").to_uppercase();
    Filling::default()
        .text("device_day", &(1 + index).to_string())
        .text("device_type", model.kind)
        .text("device_id", &id)
        .text("device_agent", model.agent)
        .text("device_model", model.name)
        .text("device_os", model.system)
        .text("device_name", &format!("{}§{}§{id}", model.client, model.kind))
        .text("device_guid", &guid)
        .text("client_version", model.version)
        .text("client_type", model.client)
}
