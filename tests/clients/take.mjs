// Takes one token with a client that exo-mi's authors did not write, and prints what came of it as one JSON object.
//
// take.mjs @azure/identity CLIENT_ID    CLIENT_ID is a GUID, or - for the system-assigned identity

import { ManagedIdentityCredential } from "@azure/identity";

const clientId = process.argv[3] === "-" ? undefined : process.argv[3];
try {
  const credential = new ManagedIdentityCredential(clientId ? { clientId } : {});
  const { token } = await credential.getToken("https://outlook.office365.com/.default");
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  console.log(JSON.stringify({ appid: claims.appid }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error.message) }));
}
