"""Reads a result once, page by page, and writes down its links, so that curl can fetch the same bytes and nothing else.

An emulator that remembers answers a link as often as it is asked; the service would do so once.
"""

import base64
import gzip
import http.client
import json
import os
import re
import ssl
import urllib.parse
from dataclasses import dataclass

from measuring import stop

TOKEN_PATH = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com"
MAILBOXES = '{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{"ResultSize":"Unlimited"}}}'


@dataclass
class Recording:
    """A result as it lay on the wire."""

    config: str
    pages: int
    packed: int
    unpacked: int


def acquire(exports):
    """A token, and the tenant that stands in it: what the author of a script would look up once."""
    host = urllib.parse.urlsplit(exports["AZURE_POD_IDENTITY_AUTHORITY_HOST"]).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", TOKEN_PATH, headers={"Metadata": "true"})
    token = json.load(connection.getresponse())["access_token"]
    claims = token.split(".")[1]
    return token, json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["tid"]


class Recorder:
    """Reads results of one emulator."""

    def __init__(self, exports, directory):
        self.exports, self.directory = exports, directory
        self.token, self.tenant = acquire(exports)
        roots = ssl.create_default_context(cafile=exports["EXO_MI_CA_FILE"])
        self.host = urllib.parse.urlsplit(exports["EXO_MI_CONNECTION_URI"]).netloc
        self.connection = http.client.HTTPSConnection(self.host, timeout=600, context=roots)

    def mailboxes(self):
        """All mailboxes with all that the service sends of them."""
        return self._record("mailboxes", "InvokeCommand", MAILBOXES)

    def small(self):
        """All mailboxes with the smallest set of properties."""
        return self._record("small", "Mailbox?PropertySet=Minimum", None)

    def _headers(self, body):
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/json",
            "Prefer": "odata.maxpagesize=1000" if body else "odata.maxpagesize=1000;",
            "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{self.tenant}",
            "client-request-id": "5d0b2f0e-6f0a-4c5e-9d0c-0f3c7f6f2a13",
            "connection-id": "0c1b9a5e-0d53-4d0e-8a1d-8a2f8d0c7b24",
        }
        return {**headers, "X-ResponseFormat": "json"} if body else headers

    def _record(self, name, path, body):
        headers, cookies, links, packed, unpacked = self._headers(body), {}, [], 0, 0
        target = f"/adminapi/beta/{self.tenant}/{path}"
        while target:
            links.append(f"https://{self.host}{target}")
            asked = {**headers, "Cookie": "; ".join(cookies.values())} if cookies else headers
            self.connection.request("POST" if body else "GET", target, body, asked)
            reply = self.connection.getresponse()
            data = reply.read()
            if reply.status != 200 or reply.headers["Content-Encoding"] != "gzip":
                stop(f"the emulator answered a page with {reply.status}: {data[:200]}")
            for header in reply.headers.get_all("Set-Cookie", []):
                cookies[header.partition("=")[0]] = header.partition(";")[0]
            text = gzip.decompress(data)
            packed, unpacked = packed + len(data), unpacked + len(text)
            link = re.search(rb'"@odata\.nextLink":("[^"]*")', text[-4096:])
            target = link and json.loads(link.group(1)).partition(self.host)[2]
        return Recording(self._config(name, headers, body, links), len(links), packed, unpacked)

    def _config(self, name, headers, body, links):
        """A file for `curl --config` that fetches every page over one connection and throws it away."""
        lines = ["silent", "show-error", "fail-early", "fail", f'cacert = "{self.exports["EXO_MI_CA_FILE"]}"']
        lines += [f'header = "{key}: {value}"' for key, value in headers.items()]
        if body:
            lines.append(f"data = {json.dumps(body)}")
        lines.append('write-out = "%{http_code} %{num_connects} %{size_download}\\n"')
        for link in links:
            lines += [f"url = {json.dumps(link)}", f'output = "{os.devnull}"']
        path = os.path.join(self.directory, f"{name}.curl")
        # It holds a token, which is the emulator's own and worth nothing elsewhere.
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path
