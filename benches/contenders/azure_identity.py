"""The script that most would write: Microsoft's azure-identity, requests, all rows kept until they are written.

azure_identity.py domains | azure_identity.py csv COLUMNS
"""

import csv
import os
import sys
import uuid

import requests
from azure.identity import ManagedIdentityCredential

TENANT = os.environ["TENANT"]


def invoke(cmdlet, parameters):
    """All objects that a cmdlet gives."""
    token = ManagedIdentityCredential().get_token("https://outlook.office365.com/.default").token
    session = requests.Session()
    session.verify = os.environ["EXO_MI_CA_FILE"]
    session.headers.update(
        {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Prefer": "odata.maxpagesize=1000",
            "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}",
            "X-CmdletName": cmdlet,
            "X-ResponseFormat": "json",
            "client-request-id": str(uuid.uuid4()),
            "connection-id": str(uuid.uuid4()),
        }
    )
    url = f"{os.environ['EXO_MI_CONNECTION_URI']}/adminapi/beta/{TENANT}/InvokeCommand"
    body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}
    rows = []
    while url:
        reply = session.post(url, json=body, timeout=600)
        reply.raise_for_status()
        page = reply.json()
        rows.extend(page["value"])
        url = page.get("@odata.nextLink")
    return rows


def main():
    if sys.argv[1] == "domains":
        for row in invoke("Get-AcceptedDomain", {}):
            print(row["Name"], row["DomainName"], row["DomainType"], row["Default"])
        return
    columns = sys.argv[2].split(",")
    out = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    out.writeheader()
    out.writerows(invoke("Get-Mailbox", {"ResultSize": "Unlimited"}))


main()
