"""Takes one token with a client that exo-mi's authors did not write, and prints what came of it as one JSON object.

take.py CLIENT CLIENT_ID    CLIENT is azure-identity or msal; CLIENT_ID is a GUID, or - for the system-assigned identity
"""

import base64
import json
import sys

SCOPE = "https://outlook.office365.com/.default"


def with_azure_identity(client_id):
    from azure.identity import ManagedIdentityCredential

    options = {"client_id": client_id} if client_id else {}
    return ManagedIdentityCredential(**options).get_token(SCOPE).token


def with_msal(client_id):
    import msal
    import requests

    identity = (
        msal.UserAssignedManagedIdentity(client_id=client_id) if client_id else msal.SystemAssignedManagedIdentity()
    )
    client = msal.ManagedIdentityClient(identity, http_client=requests.Session())
    answer = client.acquire_token_for_client(resource=SCOPE.removesuffix("/.default"))
    if "access_token" not in answer:
        raise RuntimeError(answer.get("error_description") or answer.get("error") or "no token")
    return answer["access_token"]


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def main():
    take = {"azure-identity": with_azure_identity, "msal": with_msal}[sys.argv[1]]
    client_id = None if sys.argv[2] == "-" else sys.argv[2]
    try:
        print(json.dumps({"appid": claims(take(client_id))["appid"]}))
    except Exception as error:  # Whatever the library throws is what its user would see.
        print(json.dumps({"error": str(error)}))


main()
