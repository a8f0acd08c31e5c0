//! The assertion that an application signs, and what the authority makes of it.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use exo_mi::emulator::Scenario;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::world::{Sent, TENANT, World, claims, form};

/// A proof that is right until a test spoils it.
struct Proof {
    header: Value,
    claims: Value,
    key: RsaKeyPair,
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn proof(world: &World) -> Proof {
    with_file(world, &world.emulator.certificate().unwrap().pem)
}

fn with_file(world: &World, file: &std::path::Path) -> Proof {
    let pem = fs::read(file).unwrap();
    let certificate = CertificateDer::from_pem_slice(&pem).unwrap();
    let key = PrivatePkcs8KeyDer::from_pem_slice(&pem).unwrap();
    let id = &world.emulator.certificate().unwrap().app_id;
    let now = world.clock.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let audience = format!("{}/{TENANT}/oauth2/v2.0/token", world.emulator.addresses().authority);
    Proof {
        header: json!({
            "typ": "JWT", "alg": "RS256", "x5t": encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate)),
            "x5t#S256": encode(digest(&SHA256, &certificate)),
        }),
        claims: json!({
            "aud": audience, "iss": id, "sub": id, "jti": uuid::Uuid::new_v4().to_string(), "nbf": now,
            "exp": now + 600,
        }),
        key: RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap(),
    }
}

impl Proof {
    /// The claim with another value, or without it where that is null.
    fn claiming(mut self, name: &str, value: Value) -> Self {
        set(&mut self.claims, name, value);
        self
    }

    fn heading(mut self, name: &str, value: Value) -> Self {
        set(&mut self.header, name, value);
        self
    }

    fn signed(&self) -> String {
        let signed = format!("{}.{}", encode(self.header.to_string()), encode(self.claims.to_string()));
        let padding: &'static dyn ring::signature::RsaEncoding =
            if self.header["alg"] == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", encode(signature))
    }

    fn sent(&self, world: &World) -> Sent {
        ask(world, &self.signed())
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if value.is_null() {
        object.as_object_mut().unwrap().remove(name);
    } else {
        object[name] = value;
    }
}

fn ask(world: &World, assertion: &str) -> Sent {
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", world.emulator.addresses().authority);
    let parameters = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", world.emulator.certificate().unwrap().app_id.clone()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", assertion.to_owned()),
        ("scope", "https://outlook.office365.com/.default".to_owned()),
    ];
    form(url, &parameters)
}

#[tokio::test]
async fn both_paddings_and_either_digest_are_taken() {
    let world = World::start(Scenario::Healthy);
    for proof in [
        proof(&world),
        proof(&world).heading("x5t", Value::Null),
        proof(&world).heading("x5t#S256", Value::Null),
        proof(&world).heading("alg", json!("PS256")),
        proof(&world).heading("alg", json!("PS256")).heading("x5t", Value::Null),
    ] {
        let token = world.token(&proof.sent(&world)).await;
        assert_eq!(claims(&token)["appid"], world.emulator.certificate().unwrap().app_id.as_str());
    }
}

#[tokio::test]
async fn the_endpoint_is_known_by_each_of_its_names() {
    let world = World::start(Scenario::Healthy);
    let origin = &world.emulator.addresses().authority;
    for path in ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""] {
        let audience = json!(format!("{origin}/{TENANT}/{path}"));
        world.token(&proof(&world).claiming("aud", audience).sent(&world)).await;
    }
    let domain = json!(format!("{origin}/contoso.com/oauth2/v2.0/token"));
    let sent = proof(&world).claiming("aud", domain).sent(&world);
    world.token(&sent.replacing(TENANT, "contoso.com")).await;
}

#[tokio::test]
async fn each_defect_is_refused_with_its_number() {
    let world = World::start(Scenario::Healthy);
    let now = proof(&world).claims["nbf"].as_u64().unwrap();
    let claiming = |name, value| proof(&world).claiming(name, value);
    let heading = |name, value| proof(&world).heading(name, value);
    let public = json!(format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"));
    for (proof, code, reason) in [
        (claiming("aud", public), 700_023, "aud is not this token endpoint"),
        (claiming("aud", Value::Null), 700_023, "aud is not this token endpoint"),
        (claiming("iss", json!("x")), 700_021, "iss and sub"),
        (claiming("sub", Value::Null), 700_021, "iss and sub"),
        (claiming("jti", Value::Null), 50_027, "jti is missing"),
        (claiming("exp", Value::Null), 50_027, "nbf or exp is missing"),
        (claiming("nbf", json!(now.to_string())), 50_027, "nbf or exp is missing, or no number"),
        (claiming("exp", json!(now)), 700_024, "has expired"),
        (claiming("nbf", json!(now + 301)), 700_024, "not valid yet"),
        (claiming("exp", json!(now + 86_401)), 700_024, "more than a day"),
        (heading("alg", json!("HS256")), 50_027, "neither with RS256 nor with PS256"),
        (heading("alg", json!("PS256")).heading("x5t#S256", Value::Null), 50_027, "goes with x5t#S256"),
        (heading("x5t", Value::Null).heading("x5t#S256", Value::Null), 50_027, "names no certificate"),
        (heading("x5t", json!("AAAA")), 700_027, "`x5t` is no certificate"),
        (heading("x5t#S256", json!("AAAA")), 700_027, "`x5t#S256` is no certificate"),
    ] {
        let body = world.refuses(&proof.sent(&world), 401, reason).await.json();
        assert_eq!((&body["error"], &body["error_codes"]), (&json!("invalid_client"), &json!([code])));
    }
}

#[tokio::test]
async fn a_proof_is_good_once_and_only_as_it_was_signed() {
    let world = World::start(Scenario::Healthy);
    let proof = proof(&world);
    let sent = proof.sent(&world);
    world.token(&sent).await;
    world.refuses(&sent, 401, "used before").await;
    let (mut forged, original) = (proof.claiming("jti", json!("another")), sent);
    let signature = original.body.split("client_assertion=").nth(1).unwrap().split('&').next().unwrap();
    let signature = signature.rsplit('.').next().unwrap().to_owned();
    set(&mut forged.claims, "exp", json!(u32::MAX));
    let signed = forged.signed();
    let text = format!("{}.{signature}", signed.rsplit_once('.').unwrap().0);
    let body = world.refuses(&ask(&world, &text), 401, "the signature is wrong").await.json();
    assert_eq!(body["error_codes"], json!([700_027]));
}

#[tokio::test]
async fn a_clock_that_runs_behind_a_little_is_forgiven() {
    let world = World::start(Scenario::Healthy);
    let early = proof(&world);
    let nbf = early.claims["nbf"].as_u64().unwrap() + 300;
    world.token(&early.claiming("nbf", json!(nbf)).sent(&world)).await;
    let late = proof(&world).sent(&world);
    world.clock.sleep(Duration::from_secs(600)).await;
    world.refuses(&late, 401, "has expired").await;
}

#[tokio::test]
async fn a_certificate_that_nobody_registered_is_refused() {
    let world = World::start(Scenario::Healthy);
    let stranger = world.emulator.certificate().unwrap().unregistered_pem.clone();
    let body =
        world.refuses(&with_file(&world, &stranger).sent(&world), 401, "is no certificate").await.json();
    let text = body["error_description"].as_str().unwrap();
    assert!(text.starts_with("AADSTS700027") && text.contains("Thumbprint of key used by client"), "{text}");
    let world = World::start(Scenario::CertificateUnknown);
    let body = world.send(&proof(&world).sent(&world)).await.json();
    assert_eq!(body["error_codes"], json!([700_027]));
}

#[tokio::test]
async fn a_tenant_without_the_application_knows_nothing_of_it() {
    let world = World::start(Scenario::WrongTenant);
    let body = world.refuses(&proof(&world).sent(&world), 400, "no such application").await.json();
    assert_eq!(body["error"], "unauthorized_client");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_their_owners_and_go_with_the_emulator() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::start(Scenario::Healthy);
    let files = world.emulator.certificate().unwrap().clone();
    let all = [&files.pem, &files.pfx, &files.legacy_pfx, &files.encrypted_pem, &files.unregistered_pem];
    for file in all {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    world.emulator.stop();
    assert!(all.into_iter().all(|file| !file.exists()));
}
