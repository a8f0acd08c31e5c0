//! Access tokens, and what else is a JWT here, signed with a key that lives as long as the emulator.
//!
//! The header says RS256 as real ones do. The signature is an HMAC, since nobody but the emulated admin API can check
//! the signature of such a token anyway.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{hmac, rand::SystemRandom};
use serde_json::{Value, json};

use super::error::Error;

/// What a token says.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) audience: String,
    pub(crate) tenant: String,
    pub(crate) client_id: String,
    pub(crate) object_id: String,
    pub(crate) holder: Holder,
    pub(crate) roles: Vec<String>,
    pub(crate) directory_roles: Vec<String>,
    pub(crate) issued: u64,
    pub(crate) not_before: u64,
    pub(crate) expires: u64,
    pub(crate) unique_id: String,
}

/// What kind of principal a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A managed identity, and its id as a resource of Azure.
    ManagedIdentity { resource_id: String },
    /// An application that proved itself to the authority.
    Application,
    /// A person, who has scopes and no app roles.
    Person { name: String, scopes: String },
}

/// What is wrong with a presented token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    Malformed,
    Signature,
    Premature,
    Expired,
}

pub(crate) struct Signer {
    key: hmac::Key,
    key_id: String,
}

impl Signer {
    pub(crate) fn new() -> Result<Self, Error> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| Error::Random)?;
        let key_id = URL_SAFE_NO_PAD.encode(&uuid::Uuid::new_v4().as_bytes()[..]);
        Ok(Self { key, key_id })
    }

    pub(crate) fn mint(&self, claims: &Claims) -> String {
        self.sign(&claims.to_json())
    }

    /// Any claims as a signed JWT.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({"typ": "JWT", "alg": "RS256", "x5t": self.key_id, "kid": self.key_id});
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = hmac::sign(&self.key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    /// The claims of a token that this key has signed and that is good at this time.
    pub(crate) fn verify(&self, token: &str, now: u64) -> Result<Claims, Flaw> {
        let claims = Claims::from_json(&self.open(token)?).ok_or(Flaw::Malformed)?;
        match () {
            () if now < claims.not_before => Err(Flaw::Premature),
            () if now >= claims.expires => Err(Flaw::Expired),
            () => Ok(claims),
        }
    }

    /// Whatever a JWT claims that this key has signed.
    pub(crate) fn open(&self, token: &str) -> Result<Value, Flaw> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Malformed)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Flaw::Malformed)?;
        hmac::verify(&self.key, signed.as_bytes(), &signature).map_err(|_| Flaw::Signature)?;
        let (_, payload) = signed.split_once('.').ok_or(Flaw::Malformed)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Flaw::Malformed)?;
        serde_json::from_slice(&payload).map_err(|_| Flaw::Malformed)
    }
}

impl Claims {
    fn to_json(&self) -> Value {
        let tenant = &self.tenant;
        let issuer = format!("https://sts.windows.net/{tenant}/");
        let mut claims = json!({
            "aud": self.audience, "iss": issuer, "iat": self.issued, "nbf": self.not_before, "exp": self.expires,
            "aio": "k2RgYFDr2fR8ptLyEysSdRkTzfmfAgA=", "appid": self.client_id, "appidacr": "2", "idp": issuer,
            "idtyp": "app", "oid": self.object_id, "rh": "1.AXoAAAAAAAAAAAAA.", "sub": self.object_id,
            "tid": tenant, "uti": self.unique_id, "ver": "1.0",
        });
        match &self.holder {
            Holder::ManagedIdentity { resource_id } => claims["xms_mirid"] = json!(resource_id),
            Holder::Application => {}
            Holder::Person { name, scopes } => {
                for (claim, value) in
                    [("idtyp", "user"), ("upn", name), ("unique_name", name), ("scp", scopes)]
                {
                    claims[claim] = json!(value);
                }
            }
        }
        // A token without roles has no such claim, not an empty one.
        for (name, values) in [("roles", &self.roles), ("wids", &self.directory_roles)] {
            if !values.is_empty() {
                claims[name] = json!(values);
            }
        }
        claims
    }

    fn from_json(claims: &Value) -> Option<Self> {
        let text = |name: &str| claims[name].as_str().map(str::to_owned);
        let list = |name: &str| {
            let values = claims[name].as_array().map(Vec::as_slice).unwrap_or_default();
            values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
        };
        Some(Self {
            audience: text("aud")?,
            tenant: text("tid")?,
            client_id: text("appid")?,
            object_id: text("oid")?,
            holder: match (text("xms_mirid"), text("scp"), text("upn")) {
                (Some(resource_id), ..) => Holder::ManagedIdentity { resource_id },
                (None, Some(scopes), Some(name)) => Holder::Person { name, scopes },
                _ => Holder::Application,
            },
            roles: list("roles"),
            directory_roles: list("wids"),
            issued: claims["iat"].as_u64()?,
            not_before: claims["nbf"].as_u64()?,
            expires: claims["exp"].as_u64()?,
            unique_id: text("uti")?,
        })
    }
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            audience: "https://outlook.office365.com/".into(),
            tenant: "t".into(),
            client_id: "c".into(),
            object_id: "o".into(),
            holder: Holder::ManagedIdentity { resource_id: "r".into() },
            roles: vec!["Exchange.ManageAsApp".into()],
            directory_roles: Vec::new(),
            issued: 1_000,
            not_before: 1_000,
            expires: 2_000,
            unique_id: "u".into(),
        }
    }

    #[test]
    fn a_token_is_good_from_its_first_second_to_the_one_before_its_last() {
        let signer = Signer::new().unwrap();
        let token = signer.mint(&claims());
        let verdict = |now| signer.verify(&token, now).map(|claims| claims.roles).err();
        assert_eq!(
            [999, 1_000, 1_999, 2_000].map(verdict),
            [Some(Flaw::Premature), None, None, Some(Flaw::Expired)]
        );
    }

    #[test]
    fn each_holder_has_claims_of_its_own() {
        let signer = Signer::new().unwrap();
        let person = Holder::Person { name: "adele@contoso.com".into(), scopes: "a b".into() };
        let machine = Holder::ManagedIdentity { resource_id: "r".into() };
        for (holder, kind, own) in
            [(person, "user", "scp"), (machine, "app", "xms_mirid"), (Holder::Application, "app", "appid")]
        {
            let token = signer.mint(&Claims { holder: holder.clone(), ..claims() });
            let json = signer.open(&token).unwrap();
            assert!(json["idtyp"] == kind && json.get(own).is_some(), "{json}");
            assert_eq!(signer.verify(&token, 1_500).unwrap().holder, holder);
        }
    }

    #[test]
    fn a_token_of_another_emulator_is_refused() {
        let token = Signer::new().unwrap().mint(&claims());
        assert_eq!(Signer::new().unwrap().verify(&token, 1_500).err(), Some(Flaw::Signature));
    }

    #[test]
    fn a_changed_payload_is_refused() {
        let signer = Signer::new().unwrap();
        let token = signer.mint(&claims());
        let parts: Vec<_> = token.split('.').collect();
        let mut other = claims();
        other.roles.push("more".into());
        let forged = format!("{}.{}.{}", parts[0], encode(&other.to_json()), parts[2]);
        assert_eq!(signer.verify(&forged, 1_500).err(), Some(Flaw::Signature));
        assert_eq!(signer.verify("no token", 1_500).err(), Some(Flaw::Malformed));
    }

    #[test]
    fn the_header_looks_like_the_directorys_and_absent_roles_leave_no_claim() {
        let token = Signer::new().unwrap().mint(&claims());
        let part = |index| {
            let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()
        };
        assert_eq!(part(0)["alg"], "RS256");
        assert_eq!(part(1)["idtyp"], "app");
        assert!(part(1).get("wids").is_none() && part(1).get("roles").is_some());
    }
}
