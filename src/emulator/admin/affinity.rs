//! Cookies that bring the pages of a run back to the server that holds its cursor.

use crate::emulator::answer::Answer;
use crate::emulator::call::Call;
use crate::emulator::service::Scheme;
use crate::emulator::state::identifier;

const NAMES: [&str; 2] = ["exchangecookie", "X-BackEndCookie2"];
const SERVERS: [&str; 4] = ["AM0PR01MB1201", "DB9PR01MB3307", "VI1PR01MB5542", "PAXPR01MB8890"];

/// The values of the affinity cookies, those that came and those that are handed out now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Affinity {
    values: [String; 2],
    fresh: [bool; 2],
}

impl Affinity {
    pub(crate) fn read(call: &Call) -> Self {
        let sent = NAMES.map(|name| cookie(call, name));
        let fresh = [sent[0].is_none(), sent[1].is_none()];
        Self { values: sent.map(|value| value.unwrap_or_else(identifier)), fresh }
    }

    /// What a page remembers.
    pub(crate) fn values(&self) -> [String; 2] {
        self.values.clone()
    }

    /// The cookies as a client sends them.
    pub(crate) fn header(&self) -> String {
        format!("{}={}; {}={}", NAMES[0], self.values[0], NAMES[1], self.values[1])
    }

    /// The server that the cookies lead to.
    fn server(&self) -> &'static str {
        let sum: usize = self.values[1].bytes().map(usize::from).sum();
        SERVERS[sum % SERVERS.len()]
    }

    /// Says which server answers.
    pub(crate) fn name_server(&self, answer: Answer) -> Answer {
        let server = self.server();
        let answer = answer.with("x-calculatedbetarget", &format!("{server}.eurprd01.prod.outlook.com"));
        answer.with("x-beserver", server)
    }

    /// Hands out the cookies that did not come, and names the server that they lead to.
    pub(crate) fn give(&self, call: &Call, answer: Answer) -> Answer {
        let secure = if call.scheme == Scheme::Https { "; secure" } else { "" };
        let fresh = NAMES.iter().zip(&self.values).zip(self.fresh).filter(|(_, fresh)| *fresh);
        fresh.fold(self.name_server(answer), |answer, ((name, value), _)| {
            answer.with("set-cookie", &format!("{name}={value}; path=/{secure}; HttpOnly"))
        })
    }
}

fn cookie(call: &Call, name: &str) -> Option<String> {
    let headers = call.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let mut cookies =
        headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    cookies.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}
