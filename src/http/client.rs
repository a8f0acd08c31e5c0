//! The two clients. Never a third, and never one for each call.

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Version};
use url::{Host, Url};

use super::ahead::Ahead;
use super::body::{Collector, Intake, Refused};
use super::echo::without_echo;
use super::probe::PROXY_VARIABLES;
use super::{Error, Kind, Reply, Request, Roots, Thumbprint, TlsError, TlsSetup, Trace, pin};
use crate::clock::Clock;
use crate::env::Env;

/// How long a connection to this machine or its link may take: two attempts fit into two seconds where nothing listens.
const NEAR: Duration = Duration::from_millis(800);

/// How long a connection to a service may take.
const FAR: Duration = Duration::from_secs(15);

/// Sends requests. Redirects are never followed: a token must not travel where a reply points.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::Client,
    /// Where a connection is opened before there is anything to send.
    ahead: Option<Ahead>,
}

/// Whether requests go through the machine's proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxying {
    /// Straight to the address.
    Direct,
    /// As the environment or, on Windows and macOS, the system says.
    Machine,
}

impl Proxying {
    /// Loopback, link-local and private addresses are always reached directly: a proxy could not reach them, and must
    /// not see what is sent there.
    pub fn for_url(url: &Url) -> Self {
        if is_near(url) { Self::Direct } else { Self::Machine }
    }
}

/// Whether the URL names this machine or its own network by number, or `localhost`.
pub(crate) fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_link_local() || ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unique_local(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

impl Client {
    /// The client for identity endpoints on this machine or its link: no proxy, no TLS roots, and a connection
    /// soon or none.
    pub fn link_local(clock: &Clock) -> Result<Self, TlsError> {
        build(builder().no_proxy().connect_timeout(clock.limit(NEAR)).tls_certs_only([]))
    }

    /// The client for an identity endpoint on this machine or its link that speaks TLS and is known by its thumbprint.
    pub fn pinned(thumbprint: Thumbprint, clock: &Clock) -> Result<Self, TlsError> {
        let config = pin::configuration(thumbprint)?;
        build(builder().no_proxy().connect_timeout(clock.limit(NEAR)).tls_backend_preconfigured(config))
    }

    /// The client for Exchange and every other https service. It keeps cookies: paging depends on reaching the same
    /// backend, which the service tells by cookie. They go back to the domain that set them and end with the command.
    fn tls(
        setup: TlsSetup,
        proxying: Proxying,
        ahead: Option<Ahead>,
        env: &Env,
        clock: &Clock,
    ) -> Result<Self, TlsError> {
        let config = setup.finish()?;
        let mut builder =
            builder().connect_timeout(clock.limit(FAR)).cookie_store(true).tls_backend_preconfigured(config);
        if proxying == Proxying::Direct || !env.is_process() {
            builder = builder.no_proxy();
        }
        if proxying == Proxying::Machine && !env.is_process() {
            builder = fixed_proxies(builder, env)?;
        }
        if let Some(ahead) = &ahead {
            builder = builder.connector_layer(ahead.clone());
        }
        Ok(Self { ahead, ..build(builder)? })
    }

    /// Begins to open a connection to where this URL leads, where the client has a place for it. It serves the next request,
    /// which must be one that may be sent again.
    fn open_ahead(&self, url: &Url) {
        if let Some(ahead) = self.ahead.clone() {
            tokio::spawn(ahead.open(self.inner.head(url.clone()).send()));
        }
    }

    /// Sends once and reads the whole reply, which may take as long as the request says.
    pub async fn send(&self, request: &Request, clock: &Clock) -> Result<Reply, Error> {
        let (reply, body) = self.send_into(request, clock, Vec::new()).await?;
        Ok(Reply { body: body.unwrap_or(reply.body), ..reply })
    }

    /// The same, but that the body of a success goes where it is wanted, piece by piece as it arrives. It comes back once
    /// it has everything; where the reply is a failure its body is in the reply.
    pub async fn send_into<I: Intake>(
        &self,
        request: &Request,
        clock: &Clock,
        intake: I,
    ) -> Result<(Reply, Option<I>), Error> {
        let traceparent = request.trace.as_ref().map(Trace::part);
        tracing::debug!(?request, traceparent, "sending");
        let outcome = self.exchange(request, traceparent, clock.limit(request.timeout), intake).await;
        match &outcome {
            Ok((reply, _)) => tracing::debug!(?reply, "received"),
            Err(error) => tracing::debug!(kind = %error.kind, origin = error.origin, "no reply"),
        }
        outcome
    }

    async fn exchange<I: Intake>(
        &self,
        request: &Request,
        traceparent: Option<String>,
        limit: Duration,
        intake: I,
    ) -> Result<(Reply, Option<I>), Error> {
        let failed = |error| Error::from_reqwest(error, request.origin());
        let mut outgoing = self
            .inner
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .timeout(limit);
        if let Some(traceparent) = traceparent {
            outgoing = outgoing.header("traceparent", traceparent);
        }
        if let Some(body) = &request.body {
            outgoing = outgoing.body(body.clone());
        }
        let mut incoming = outgoing.send().await.map_err(failed)?;
        let (status, headers) = (incoming.status(), incoming.headers().clone());
        let encoding = headers.get("content-encoding").and_then(|value| value.to_str().ok());
        let (body, taken) = if status.is_success() {
            let open_ended = is_open_ended(&incoming);
            let collector = Collector::of_success(intake, encoding, request.limit);
            let collector = collected(&mut incoming, collector, request).await?;
            if collector.is_empty() && open_ended {
                return Err(Error::new(Kind::Lost, request.origin()));
            }
            (Vec::new(), Some(collector.finish().map_err(|why| refused(&why, request))?))
        } else {
            let collector = Collector::of_failure(request.limit);
            let body = collected(&mut incoming, collector, request).await?.finish_failure();
            (body.map_err(|why| refused(&why, request))?, None)
        };
        Ok((without_echo(request, Reply { status, headers, body }), taken))
    }
}

/// The collector with everything that came.
async fn collected<I: Intake>(
    incoming: &mut reqwest::Response,
    mut collector: Collector<I>,
    request: &Request,
) -> Result<Collector<I>, Error> {
    let failed = |error| Error::from_reqwest(error, request.origin());
    while let Some(piece) = incoming.chunk().await.map_err(failed)? {
        collector.push(&piece).map_err(|why| refused(&why, request))?;
    }
    Ok(collector)
}

fn refused(why: &Refused, request: &Request) -> Error {
    let kind = if *why == Refused::TooLarge { Kind::TooLarge } else { Kind::NotGzip };
    Error::new(kind, request.origin())
}

/// Whether this is a success of which nothing tells where it ends but the end of the connection. Where nothing of it came
/// the connection broke, since a reply that is meant to be empty says so. A failed reply has said enough by its status.
fn is_open_ended(incoming: &reqwest::Response) -> bool {
    let told = [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|name| incoming.headers().contains_key(name));
    let (status, version) = (incoming.status(), incoming.version());
    !told && version < Version::HTTP_2 && status.is_success() && status != StatusCode::NO_CONTENT
}

/// The clients of a command that speak TLS: one, or two where the machine's proxy stands before one address and not
/// before another.
pub struct TlsClients {
    setup: Option<TlsSetup>,
    roots: Roots,
    env: Env,
    clock: Clock,
    made: [Option<Client>; 2],
}

impl TlsClients {
    /// Begins to set up TLS on a thread of its own.
    pub fn begin(roots: &Roots, env: &Env, clock: &Clock) -> Result<Self, TlsError> {
        let setup = Some(TlsSetup::begin(roots.clone())?);
        let (roots, env, clock) = (roots.clone(), env.clone(), clock.clone());
        Ok(Self { setup, roots, env, clock, made: [None, None] })
    }

    /// The client that reaches addresses in this way.
    pub fn client(&mut self, proxying: Proxying) -> Result<Client, TlsError> {
        if let Some(client) = &self.made[slot(proxying)] {
            return Ok(client.clone());
        }
        self.make(proxying, None)
    }

    /// Begins to open a connection to where the URL leads, for the client that reaches it. That client must talk to nobody
    /// else, and its first request must be one that may be sent again. Where the client is there already, or cannot be
    /// made, nothing is done: the first request will say why.
    pub async fn open_ahead(&mut self, url: &Url) {
        let proxying = Proxying::for_url(url);
        // Whoever made a client has taken it.
        let Some(setup) = self.setup.as_mut() else { return };
        setup.made().await;
        let ahead = Ahead::new(self.clock.clone());
        if let Ok(client) = self.make(proxying, Some(ahead)) {
            client.open_ahead(url);
        }
    }

    fn make(&mut self, proxying: Proxying, ahead: Option<Ahead>) -> Result<Client, TlsError> {
        let setup = match self.setup.take() {
            Some(setup) => setup,
            None => TlsSetup::begin(self.roots.clone())?,
        };
        let client = Client::tls(setup, proxying, ahead, &self.env, &self.clock)?;
        self.made[slot(proxying)] = Some(client.clone());
        Ok(client)
    }
}

/// Where a client is kept.
fn slot(proxying: Proxying) -> usize {
    usize::from(proxying == Proxying::Machine)
}

#[allow(clippy::disallowed_methods)] // The one place where clients are made.
fn builder() -> reqwest::ClientBuilder {
    // With this feature set the HTTP library wants a provider before it makes any client, even one that never speaks
    // TLS. A second installation reports that there is one already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .user_agent(concat!("exo-mi/", env!("CARGO_PKG_VERSION")))
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client, TlsError> {
    let inner = builder.build().map_err(|error| TlsError::Client(Box::new(error)))?;
    Ok(Client { inner, ahead: None })
}

/// What the library reads from the real environment by itself, read from a fixed one.
fn fixed_proxies(builder: reqwest::ClientBuilder, env: &Env) -> Result<reqwest::ClientBuilder, TlsError> {
    let first = |names: &[&str]| names.iter().find_map(|name| env.var(name));
    let Some(address) = first(&PROXY_VARIABLES) else {
        return Ok(builder);
    };
    let proxy = reqwest::Proxy::https(address).map_err(|error| TlsError::Client(Box::new(error)))?;
    let except = first(&["NO_PROXY", "no_proxy"]).and_then(|list| reqwest::NoProxy::from_string(&list));
    Ok(builder.proxy(proxy.no_proxy(except)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_that_left_is_never_said_to_have_stayed_whatever_its_address_says() {
        use std::io::Read;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut head = [0; 64];
            stream.read_exact(&mut head).expect("a request");
        });
        let url = Url::parse(&format!("http://{address}/proxy/tunnel/dns error")).expect("a URL");
        let clock = Clock::real();
        let client = Client::link_local(&clock).expect("a client");
        let request = Request::post(url, vec![b'x'; 64]);
        let error = client.send(&request, &clock).await.expect_err("no reply");
        assert_eq!(error.kind, Kind::Lost);
        assert!(!error.kind.is_before_sending());
        server.join().expect("the server");
    }

    #[test]
    fn near_addresses_are_reached_directly() {
        for (url, proxying) in [
            ("http://169.254.169.254/metadata", Proxying::Direct),
            ("http://127.0.0.1:40342/", Proxying::Direct),
            ("http://localhost:42356/msi/token", Proxying::Direct),
            ("http://[::1]:8080/", Proxying::Direct),
            ("http://10.0.0.4/", Proxying::Direct),
            ("https://outlook.office365.com/", Proxying::Machine),
            ("https://localhost.example.com/", Proxying::Machine),
            ("https://8.8.8.8/", Proxying::Machine),
        ] {
            assert_eq!(Proxying::for_url(&Url::parse(url).expect("a URL")), proxying, "{url}");
        }
    }
}
