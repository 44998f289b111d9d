// Signs in with MSAL Node as an application would, and uses the tokens.
// msal_node_test.go starts this script and passes the settings as environment variables.
import assert from "node:assert/strict";
import { ConfidentialClientApplication, CryptoProvider } from "@azure/msal-node";

const { PUBLIC_URL, TENANT, CLIENT_ID, CLIENT_SECRET, APP_ID, APP_SECRET, REDIRECT, PERSON, OBJECT_ID } = process.env;

const application = (clientId, clientSecret, tenant = TENANT) => new ConfidentialClientApplication({
  auth: { clientId, clientSecret, authority: `${PUBLIC_URL}/${tenant}`, knownAuthorities: [new URL(PUBLIC_URL).host] },
});

async function createOrGet(whose, token, externalId) {
  const reply = await fetch(`${PUBLIC_URL}/v1.0/${whose}/onlineMeetings/createOrGet`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ externalId }),
  });
  const meeting = await reply.json();
  assert.equal(meeting.externalId, externalId, JSON.stringify(meeting));
  return reply.status;
}

async function signIn(name, scopes, tenant) {
  const msal = application(CLIENT_ID, CLIENT_SECRET, tenant);
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const address = await msal.getAuthCodeUrl({
    scopes, redirectUri: REDIRECT, loginHint: PERSON, state: "kept", nonce: "once", codeChallenge: challenge, codeChallengeMethod: "S256",
  });
  assert.ok(address.startsWith(PUBLIC_URL + "/"), address);
  const reply = await fetch(address, { redirect: "manual" });
  const back = new URL(reply.headers.get("location"));
  assert.equal(back.searchParams.get("state"), "kept", back.href);

  const result = await msal.acquireTokenByCode({
    scopes, redirectUri: REDIRECT, code: back.searchParams.get("code"), codeVerifier: verifier, nonce: "once",
  });
  assert.equal(result.account.username, PERSON);
  assert.equal(result.account.homeAccountId, `${OBJECT_ID}.${TENANT}`);
  assert.equal(result.idTokenClaims.aud, CLIENT_ID);
  assert.equal(await createOrGet("me", result.accessToken, `NODE-${name}`), 201);

  const cached = await msal.acquireTokenSilent({ account: result.account, scopes });
  assert.ok(cached.fromCache, `${name}: the cache does not have the scopes ${result.scopes}`);
  const fresh = await msal.acquireTokenSilent({ account: result.account, scopes, forceRefresh: true });
  assert.ok(!fresh.fromCache && fresh.accessToken !== result.accessToken);
  assert.equal(await createOrGet("me", fresh.accessToken, `NODE-${name}`), 200);
  const again = await msal.acquireTokenSilent({ account: fresh.account, scopes, forceRefresh: true });
  assert.ok(!again.fromCache && again.accessToken !== fresh.accessToken);
}

await signIn("NAMED", ["User.Read", "OnlineMeetings.ReadWrite"]);
await signIn("SMALL", ["user.read", "onlinemeetings.readwrite"]);
await signIn("LONG", ["https://graph.microsoft.com/OnlineMeetings.ReadWrite"]);
await signIn("DEFAULT", ["https://graph.microsoft.com/.default"]);
await signIn("DOMAIN", ["OnlineMeetings.ReadWrite"], "contoso.example");

const own = await application(APP_ID, APP_SECRET).acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
assert.equal(await createOrGet(`users/${OBJECT_ID}`, own.accessToken, "NODE-APP"), 201);
await assert.rejects(
  application(APP_ID, "a guess").acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] }), /7000215/,
);
