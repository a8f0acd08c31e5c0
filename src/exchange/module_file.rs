//! What an identity may run: the service generates a module of the cmdlets within its roles, and names them.

use serde::Deserialize;
use uuid::Uuid;

use super::connection::{Connection, MODULE_VERSION};
use super::envelope::{Unreadable, offset};
use super::error::Error;
use super::object::Object;
use crate::http::{Limits, Request};
use crate::token::AccessToken;

/// The module of all cmdlets is the largest of these replies.
const LARGEST_MODULE: usize = 64 << 20;

const WHAT: &str = "EXOModuleFile";

#[derive(Deserialize)]
struct Files {
    value: Vec<Object<File>>,
}

/// A file of the module. Its content is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    exported_cmdlets: Option<String>,
}

impl Connection {
    /// The cmdlets that the identity may run, of those that are named with commas between them; `*` means all of them.
    /// The service refuses in words where the identity may run none at all, which it does not do for a cmdlet.
    pub async fn available(
        &self,
        token: &AccessToken,
        names: &str,
        run: Uuid,
        limits: &Limits,
    ) -> Result<Vec<String>, Error> {
        let mut url = self.endpoint().versioned("v1.0", self.tenant(), WHAT);
        url.query_pairs_mut().append_pair("Version", MODULE_VERSION);
        let mut request = self
            .common(Request::get(url), run)
            .header("commandname", names)
            .header("exomodule-version", MODULE_VERSION)
            .header("skiploadingformatdata", "true");
        request.limit = LARGEST_MODULE;
        let reply = self.ask(request, WHAT, token, run, limits).await?;
        exported(&reply.body).map_err(|why| Error::Unreadable {
            cmdlet: WHAT.to_owned(),
            in_doubt: false,
            client_request_id: run,
            why,
        })
    }
}

pub(super) fn exported(body: &[u8]) -> Result<Vec<String>, Unreadable> {
    let Object::<Files>(files) =
        serde_json::from_slice(body).map_err(|error| Unreadable::NotJson { at: offset(body, &error) })?;
    let lists = files.value.into_iter().filter_map(|Object(file)| file.exported_cmdlets);
    let mut names: Vec<String> = Vec::new();
    for list in lists {
        names.extend(list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
    names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_all_files_are_gathered() {
        let body = br#"{"value":[{"fileName":"a.psm1","fileContent":"x","exportedCmdlets":"Set-B, Get-A,"},
            {"fileName":"b.format.ps1xml"},{"exportedCmdlets":"get-a"},{"exportedCmdlets":null}]}"#;
        assert_eq!(exported(body).expect("names"), ["Get-A", "Set-B"]);
        assert_eq!(exported(br#"{"value":[]}"#).expect("none"), Vec::<String>::new());
        for body in
            ["", "[]", "{}", "<html>", r#"{"value":[1]}"#, r#"[[["Get-A"]]]"#, r#"{"value":[["Get-A"]]}"#]
        {
            assert!(exported(body.as_bytes()).is_err(), "{body}");
        }
    }
}
