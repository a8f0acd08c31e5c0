"""The script of somebody careful who has Python: one connection, gzip, a page at a time, the standard library alone.

careful.py domains | careful.py csv|jsonl mailboxes COLUMNS | careful.py csv|table small COLUMNS
"""

import csv
import gzip
import http.client
import json
import os
import ssl
import sys
import urllib.parse
import uuid

TENANT = os.environ["TENANT"]
TOKEN = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com"


def acquire():
    """A token from IMDS."""
    host = urllib.parse.urlsplit(os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"]).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", TOKEN, headers={"Metadata": "true"})
    return json.load(connection.getresponse())["access_token"]


def pages(token, path, cmdlet=None, parameters=None):
    """Yields page after page; a cmdlet is posted, and without one the path is read."""
    roots = ssl.create_default_context(cafile=os.environ["EXO_MI_CA_FILE"])
    host = urllib.parse.urlsplit(os.environ["EXO_MI_CONNECTION_URI"]).netloc
    connection = http.client.HTTPSConnection(host, timeout=600, context=roots)
    body = cmdlet and json.dumps(
        {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}, separators=(",", ":")
    )
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json",
        "Prefer": "odata.maxpagesize=1000" if cmdlet else "odata.maxpagesize=1000;",
        "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}",
        "client-request-id": str(uuid.uuid4()),
        "connection-id": str(uuid.uuid4()),
    }
    if cmdlet:
        headers.update({"X-CmdletName": cmdlet, "X-ResponseFormat": "json"})
    cookies = {}
    target = f"/adminapi/beta/{TENANT}/{path}"
    while target:
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection.request("POST" if cmdlet else "GET", target, body, headers)
        reply = connection.getresponse()
        data = reply.read()
        if reply.status != 200:
            sys.exit(f"{reply.status}: {data[:500]}")
        for header in reply.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            cookies[name] = value
        if reply.headers["Content-Encoding"] == "gzip":
            data = gzip.decompress(data)
        page = json.loads(data)
        yield page["value"]
        link = page.get("@odata.nextLink")
        target = link and link.partition(host)[2]


def write_csv(results, columns):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    for rows in results:
        out.writerows([row[name] for name in columns] for row in rows)


def write_jsonl(results):
    for rows in results:
        for row in rows:
            kept = {name: value for name, value in row.items() if "@" not in name}
            sys.stdout.write(json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_table(results, columns):
    cells = [[str(row[name]) for name in columns] for rows in results for row in rows]
    cells = [columns, ["-" * len(name) for name in columns], *cells]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for line in cells:
        print(" ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    form, what, columns = [*sys.argv[1:], "", ""][:3]
    columns = columns.split(",")
    token = acquire()
    if form == "domains":
        for rows in pages(token, "InvokeCommand", "Get-AcceptedDomain", {}):
            for row in rows:
                print(row["Name"], row["DomainName"], row["DomainType"], row["Default"])
        return
    if what == "mailboxes":
        results = pages(token, "InvokeCommand", "Get-Mailbox", {"ResultSize": "Unlimited"})
    else:
        results = pages(token, "Mailbox?PropertySet=Minimum")
    {"csv": write_csv, "table": write_table}.get(form, lambda results, _: write_jsonl(results))(results, columns)


main()
