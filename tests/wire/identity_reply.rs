//! What becomes of an identity endpoint's answers.

use crate::harness::{BEGINNING, CLIENT_ID, OBJECT_ID, SOURCES, Source, page, reading, token};
use crate::server::{Reply, Step, reply};

/// Runs with one answer that ends the command.
fn fails(source: Source, answer: impl Into<Step>) -> crate::harness::Outcome {
    let outcome = reading().source(source).identity([answer]).run();
    assert_eq!((outcome.identity.len(), outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    outcome
}

#[test]
fn an_error_of_every_shape_becomes_text() {
    for (status, body, texts) in [
        (
            400,
            r#"{"error":"invalid_request","error_description":"Identity not found"}"#,
            ["invalid_request: Identity not found", "identity-not-found"],
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"}"#,
            ["Multiple user assigned identities exist", "identity-ambiguous"],
        ),
        (
            400,
            r#"{"error":"bad_request_102","error_description":"Required metadata header not specified"}"#,
            ["bad_request_102: Required metadata header not specified", "identity-endpoint-refused"],
        ),
        (
            400,
            r#"{"error":"invalid_resource","error_description":"AADSTS500011: The resource principal named x was not found","error_codes":[500011],"correlation_id":"c0ffee"}"#,
            ["invalid_resource: AADSTS500011", "exchange-resource-unknown"],
        ),
        (
            400,
            r#"{"error":"Bad request. api-version was not specified in the request","newest-versions":["2021-12-13"]}"#,
            ["api-version was not specified", "identity-endpoint-refused"],
        ),
        (
            400,
            r#"{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId.","CorrelationId":"c0ffee"}"#,
            ["No MSI found", "correlation id of the endpoint: c0ffee"],
        ),
        (
            400,
            r#"{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId","correlationId":"c0ffee"}"#,
            ["Delegated Managed Identity found", "identity-not-found"],
        ),
        (
            400,
            r#"{"Message":"No managed identity was found for Automation account a"}"#,
            ["No managed identity was found for Automation account a", "identity-not-found"],
        ),
        (
            400,
            r#"{"error":{"code":"AudienceNotSupported","message":"Supported audiences: x","correlationId":"c0ffee"}}"#,
            ["AudienceNotSupported: Supported audiences: x", "correlation id of the endpoint: c0ffee"],
        ),
        (403, r#"{"code":"Forbidden","message":"not you"}"#, ["Forbidden: not you", "(403)"]),
        (401, r#"{"error":"unknown_source"}"#, ["unknown_source", "(401)"]),
        (400, r#"{"unknown":"shape"}"#, [r#"{"unknown":"shape"}"#, "(400)"]),
        (400, "[1,2]", ["[1,2]", "(400)"]),
        (400, "The resource parameter is required.", ["The resource parameter is required.", "(400)"]),
        (418, "I'm a teapot", ["I'm a teapot", "(418)"]),
        (405, "", ["refused to give a token (405)", "identity-endpoint-refused"]),
        (400, "<html><body>Bad Request</body></html>", ["(400)", "identity-endpoint-refused"]),
        (400, "\0\0\0\0\0\0", ["(400)", "identity-endpoint-refused"]),
        (400, "two\r\nlines\tand \x1b[31mred\x07", ["lines", "(400)"]),
        (
            403,
            "A socket operation was attempted to an unreachable network.",
            ["unreachable network", "identity-endpoint-unreachable"],
        ),
        (
            403,
            "connecting to 169.254.169.254:80: dial tcp: connect: network is unreachable",
            ["network is unreachable", "identity-endpoint-unreachable"],
        ),
        (
            403,
            "connecting to 169.254.169.254:80: connectex: A socket operation was attempted to an unreachable host.",
            ["unreachable host", "identity-endpoint-unreachable"],
        ),
    ] {
        for source in SOURCES {
            let outcome = fails(source, reply(status).body(body));
            assert_eq!(outcome.exit, 3, "{body}: {}", outcome.stderr);
            outcome.says(&texts);
        }
    }
}

#[test]
fn an_error_that_is_no_text_is_an_error_all_the_same() {
    for body in [b"\xff\xfe\x00bad".as_slice(), b"{\"error\":\"\xc3\x28\"}", &[0x80; 3000]] {
        let outcome = fails(Source::Imds, reply(400).body(body));
        assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
    }
}

#[test]
fn a_very_long_error_does_not_flood_standard_error() {
    let long = "x".repeat(100_000);
    for body in [
        long.clone(),
        format!(r#"{{"error":"invalid_request","error_description":"{long}"}}"#),
        format!(r#"{{"error":{{"code":"{long}","message":"m","correlationId":"{long}"}}}}"#),
    ] {
        let outcome = fails(Source::Imds, reply(400).body(body));
        assert!(outcome.exit == 3 && outcome.stderr.len() < 20_000, "{} bytes", outcome.stderr.len());
    }
}

#[test]
fn a_redirect_is_never_followed() {
    for source in SOURCES {
        for status in [301, 302, 303, 307, 308] {
            // The Location leads to this very server, which would see the request.
            for location in ["{origin}/metadata/identity/oauth2/token", "/elsewhere", "https://192.0.2.1/"] {
                let outcome = fails(source, reply(status).header("Location", location));
                assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
                outcome.says(&[&format!("({status})"), "identity-endpoint-refused"]);
            }
        }
    }
}

#[test]
fn a_success_without_a_token_says_what_is_wrong_with_it() {
    let past = BEGINNING - 1;
    let t = token("first");
    let no_json = "the reply is no JSON object";
    for (answer, why) in [
        (reply(200), no_json),
        (reply(204), no_json),
        (reply(200).header("Content-Type", "text/html").body("<html>Sign in</html>"), no_json),
        (reply(200).json(r#"{"access_token":"x"#), no_json),
        (reply(200).json(format!(r#"{{"access_token":"{t}","expires_in":"3600""#)), no_json),
        (reply(200).json(b"{\"access_token\":\"\xff\xfe\",\"expires_in\":\"3600\"}"), no_json),
        (reply(200).json([0; 64]), no_json),
        (reply(200).json("null"), no_json),
        (reply(200).json(format!(r#""{t}""#)), no_json),
        (reply(200).json("{}"), "the reply holds no access_token"),
        (reply(200).json(r#"{"access_token":null,"expires_in":"3600"}"#), "the reply holds no access_token"),
        (reply(200).json(r#"{"access_token":" ","expires_in":"3600"}"#), "the reply holds no access_token"),
        (
            reply(200).json(format!(r#"{{"access_token":"{t}","expires_on":"{past}"}}"#)),
            "the token has ended already",
        ),
        (
            reply(200).json(format!(r#"{{"access_token":"{t}","expires_in":0}}"#)),
            "the token has ended already",
        ),
        (
            reply(200).json(r#"{"access_token":"opaque","expires_on":"soon"}"#),
            "the reply does not say when the token ends",
        ),
    ] {
        for source in SOURCES {
            let outcome = fails(source, answer.clone());
            assert_eq!(outcome.exit, 3, "{answer:?}: {}", outcome.stderr);
            outcome.says(&[why, "answered without a usable token", "identity-reply-unreadable"]);
        }
    }
}

#[test]
fn every_form_of_expiry_serves() {
    for ends in [
        r#""expires_on":"1800086399""#,
        r#""expires_on":1800086399"#,
        r#""expires_on":"2027-01-16 07:59:59Z""#,
        r#""expires_on":"2027-01-16T07:59:59.0000000+00:00""#,
        r#""expires_on":"01/16/2027 07:59:59 +00:00""#,
        r#""expires_on":"1/16/2027 7:59:59 AM +00:00""#,
        r#""expires_in":"86399""#,
        r#""expires_in":86399"#,
        r#""expires_on":"","expires_in":"86399""#,
        r#""token_type":"Bearer""#,
    ] {
        let answer = reply(200).json(format!(r#"{{"access_token":"{}",{ends}}}"#, token("first")));
        let outcome = reading().identity([answer]).exchange([page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 1, 0), "{ends}: {}", outcome.stderr);
    }
}

#[test]
fn a_token_that_no_header_can_carry_is_not_sent() {
    let answer = reply(200).json(r#"{"access_token":"a\r\nX-Evil: yes","expires_in":"3600"}"#);
    let outcome = reading().identity([answer]).run();
    assert_eq!(outcome.counts(), (1, 0, 3), "{}", outcome.stderr);
}

#[test]
fn another_identity_than_the_one_asked_for_is_refused_before_exchange_is_asked() {
    let other = "99999999-9999-4999-8999-999999999999";
    for option in [
        format!("--client-id {other}"),
        format!("--object-id {other}"),
        format!("--resource-id /subscriptions/{other}/x"),
    ] {
        // An endpoint that ignores the selector, and one that only claims to have honoured it.
        for echo in ["", r#","client_id":"99999999-9999-4999-8999-999999999999""#] {
            let answer: Reply = reply(200)
                .json(format!(r#"{{"access_token":"{}","expires_in":"3600"{echo}}}"#, token("first")));
            let outcome = reading().option(&option).identity([answer]).run();
            assert_eq!(outcome.counts(), (1, 0, 3), "{option}: {}", outcome.stderr);
            outcome.says(&["identity-mismatch"]);
        }
    }
}

#[test]
fn an_opaque_token_is_believed_where_the_endpoint_repeats_the_selector() {
    for (option, echo) in [
        (format!("--client-id {CLIENT_ID}"), format!(r#""client_id":"{CLIENT_ID}""#)),
        (format!("--object-id {OBJECT_ID}"), format!(r#""object_id":"{OBJECT_ID}""#)),
        ("--resource-id /subscriptions/s/x".to_owned(), r#""mi_res_id":"/Subscriptions/S/x""#.to_owned()),
    ] {
        let answer = reply(200).json(format!(r#"{{"access_token":"opaque","expires_in":"3600",{echo}}}"#));
        let outcome = reading().option(&option).identity([answer]).exchange([page("[]")]).run();
        assert_eq!(outcome.counts(), (1, 1, 0), "{option}: {}", outcome.stderr);
    }
}
