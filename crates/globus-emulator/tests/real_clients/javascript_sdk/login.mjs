// Logging in, tokens and their end, identities.

import { A, AUTH, E, GROUPS, GUARDED, NATIVE, TRANSFER, USER } from "./harness.mjs";
import { as, assert, bearer, check, finish, interlude, json, logIn, sdk } from "./harness.mjs";

const { auth, errors, transfer } = sdk;
let tokens;

await check("a login with PKCE gives a token for each resource server", async () => {
  tokens = await logIn(`openid profile email ${TRANSFER} ${GROUPS}`);
  const servers = ["auth.globus.org", "groups.api.globus.org", "transfer.api.globus.org"];
  assert.deepEqual(Object.keys(tokens).sort(), servers);
  assert.ok(Object.values(tokens).every((token) => auth.isToken(token) && auth.isRefreshToken(token)));
});

await check("the endpoints are where the emulator is", () => {
  assert.equal(auth.getTokenEndpoint(), `${AUTH}v2/oauth2/token`);
  assert.equal(auth.getAuthorizationEndpoint(), `${AUTH}v2/oauth2/authorize`);
});

await check("userinfo says who I am", async () => {
  const info = await json(auth.oauth2.userinfo(bearer(tokens["auth.globus.org"].access_token)));
  assert.equal(info.preferred_username, USER);
});

await check("identities are found", async () => {
  const options = await as("auth.globus.org");
  const found = await json(auth.identities.getAll({ ...options, query: { usernames: ["ada@example.org", USER] } }));
  assert.equal(found.identities.length, 2);
  const one = await json(auth.identities.get(found.identities[0].id, options));
  assert.equal(one.identity.username, found.identities[0].username);
});

await check("consents are listed", async () => {
  const options = await as("auth.globus.org");
  const { sub } = await json(auth.oauth2.userinfo(options));
  const { consents } = await json(auth.identities.consents.getAll(sub, options));
  assert.ok(auth.utils.hasConsentForScope(consents, TRANSFER));
});

await interlude();

await check("a refresh token gives a new access token", async () => {
  const { refresh_token } = tokens["transfer.api.globus.org"];
  const payload = { refresh_token, client_id: NATIVE, grant_type: "refresh_token" };
  const renewed = await json(auth.oauth2.token.refresh({ payload }));
  const document = await json(transfer.endpoint.get(A, bearer(renewed.access_token)));
  assert.equal(document.id, A);
});

await check("a token is valid until it is revoked", async () => {
  const token = tokens["transfer.api.globus.org"].access_token;
  const payload = { token, client_id: NATIVE };
  assert.equal((await json(auth.oauth2.token.validate({ payload }))).active, true);
  await json(auth.oauth2.token.revoke({ payload }));
  assert.equal((await json(auth.oauth2.token.validate({ payload }))).active, false);
  await json(transfer.endpoint.get(A, bearer(token)), 401);
});

await check("a client introspects the tokens that are for it", async () => {
  const mine = await logIn(`https://auth.globus.org/scopes/${E.GLOBUS_EMULATOR_CLIENT_ID}/all`);
  const basic = `${E.GLOBUS_EMULATOR_CLIENT_ID}:${E.GLOBUS_EMULATOR_CLIENT_SECRET}`;
  const headers = { Authorization: `Basic ${Buffer.from(basic).toString("base64")}` };
  const payload = { token: mine[E.GLOBUS_EMULATOR_CLIENT_ID].access_token };
  const about = await json(auth.oauth2.token.introspect({ payload, headers }));
  assert.deepEqual([about.active, about.username], [true, USER]);
});

await check("a collection says which consent it needs, and has it then", async () => {
  const query = { path: "/share/" };
  const options = await as("transfer.api.globus.org", "kim@example.org");
  const refused = await json(transfer.fileOperations.ls(GUARDED, { ...options, query }), 403);
  assert.ok(errors.isConsentRequiredError(refused), JSON.stringify(refused));
  const consented = await logIn(refused.required_scopes.join(" "), "kim@example.org");
  const { access_token } = consented["transfer.api.globus.org"];
  const listing = await json(transfer.fileOperations.ls(GUARDED, { ...bearer(access_token), query }));
  assert.deepEqual(listing.DATA.map((item) => item.name), ["godata"]);
});

finish();
