//! Addresses that the user gives: whom a token may be sent to.

use url::{Host, Url};

/// An address that must not be called.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It is no absolute URL with a host.
    #[error("it is no absolute https address such as https://outlook.office365.com")]
    NotAnAddress,
    /// It would carry the bearer token in the clear.
    #[error("the token is sent over https alone; plain http is allowed to loopback only")]
    Insecure,
}

/// Reads an address given by the user. As in the official module, only scheme, host and port of it count.
pub fn origin(text: &str) -> Result<Url, BadAddress> {
    let mut url = Url::parse(text).ok().filter(Url::has_host).ok_or(BadAddress::NotAnAddress)?;
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(BadAddress::Insecure),
        _ => return Err(BadAddress::NotAnAddress),
    }
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_reduced_to_their_origin_and_insecure_ones_refused() {
        for (text, expected) in [
            (
                "https://outlook.office365.com/powershell-liveid?email=a@b",
                Ok("https://outlook.office365.com/"),
            ),
            ("https://user:password@host:444/x#y", Ok("https://host:444/")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080/")),
            ("http://localhost:1", Ok("http://localhost:1/")),
            ("http://[::1]:1", Ok("http://[::1]:1/")),
            ("http://outlook.office365.com", Err(BadAddress::Insecure)),
            ("http://10.0.0.4", Err(BadAddress::Insecure)),
            ("outlook.office365.com", Err(BadAddress::NotAnAddress)),
            ("ftp://host", Err(BadAddress::NotAnAddress)),
            ("https://", Err(BadAddress::NotAnAddress)),
            ("", Err(BadAddress::NotAnAddress)),
        ] {
            assert_eq!(origin(text).map(String::from), expected.map(str::to_owned), "{text}");
        }
    }
}
