#!/bin/sh
# A cold run for somebody who has curl and no exo-mi. It starts no process beside the two: the token is cut out of the
# reply by the shell itself, and the tenant, which exo-mi reads from the token, is given.
set -eu
answer=$(curl --silent --show-error --fail --noproxy '*' --header 'Metadata: true' \
  "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com")
token=${answer#*\"access_token\"*:*\"}
token=${token%%\"*}
curl --silent --show-error --fail --cacert "$EXO_MI_CA_FILE" --compressed \
  --header "Authorization: Bearer $token" \
  --header 'Accept: application/json' \
  --header 'Accept-Encoding: gzip' \
  --header 'Content-Type: application/json' \
  --header 'Prefer: odata.maxpagesize=1000' \
  --header "X-AnchorMailbox: APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$TENANT" \
  --header 'X-CmdletName: Get-AcceptedDomain' \
  --header 'X-ResponseFormat: json' \
  --header 'client-request-id: 5d0b2f0e-6f0a-4c5e-9d0c-0f3c7f6f2a11' \
  --header 'connection-id: 0c1b9a5e-0d53-4d0e-8a1d-8a2f8d0c7b22' \
  --data '{"CmdletInput":{"CmdletName":"Get-AcceptedDomain","Parameters":{}}}' \
  "$EXO_MI_CONNECTION_URI/adminapi/beta/$TENANT/InvokeCommand"
