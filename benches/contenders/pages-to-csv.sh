#!/bin/sh
# All mailboxes to CSV with curl and jq, a page at a time: pages-to-csv.sh COLUMN,COLUMN,...
# The link to the next page is cut out of the end of the page, because jq would read all of it a second time.
set -eu
columns=$1
fields=".$(printf %s "$columns" | sed 's/,/,./g')"
page=$(mktemp)
jar=$(mktemp)
trap 'rm -f "$page" "$jar"' EXIT

answer=$(curl --silent --show-error --fail --noproxy '*' --header 'Metadata: true' \
  "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com")
token=${answer#*\"access_token\"*:*\"}
token=${token%%\"*}

echo "$columns"
url="$EXO_MI_CONNECTION_URI/adminapi/beta/$TENANT/InvokeCommand"
while [ -n "$url" ]; do
  curl --silent --show-error --fail --cacert "$EXO_MI_CA_FILE" --compressed --cookie "$jar" --cookie-jar "$jar" \
    --header "Authorization: Bearer $token" \
    --header 'Accept: application/json' \
    --header 'Accept-Encoding: gzip' \
    --header 'Content-Type: application/json' \
    --header 'Prefer: odata.maxpagesize=1000' \
    --header "X-AnchorMailbox: APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$TENANT" \
    --header 'X-CmdletName: Get-Mailbox' \
    --header 'X-ResponseFormat: json' \
    --header 'client-request-id: 5d0b2f0e-6f0a-4c5e-9d0c-0f3c7f6f2a12' \
    --header 'connection-id: 0c1b9a5e-0d53-4d0e-8a1d-8a2f8d0c7b23' \
    --data '{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{"ResultSize":"Unlimited"}}}' \
    --output "$page" "$url"
  jq --raw-output ".value[] | [$fields] | @csv" "$page"
  url=$(tail -c 2000 "$page" | sed -n 's/.*"@odata.nextLink":"\([^"]*\)".*/\1/p')
done
