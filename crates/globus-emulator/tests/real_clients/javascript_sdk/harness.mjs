// What the scripts share. A check prints one line, and one that fails does not stop the others.

import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

export const sdk = createRequire(import.meta.url)("@globus/sdk");
const { auth } = sdk;

export const E = process.env;
export const AUTH = E.GLOBUS_SDK_SERVICE_URL_AUTH;
export const NATIVE = E.GLOBUS_EMULATOR_NATIVE_CLIENT_ID;
export const USER = E.GLOBUS_EMULATOR_USERNAME;
export const [A, B] = [E.GLOBUS_EMULATOR_COLLECTION_A, E.GLOBUS_EMULATOR_COLLECTION_B];
export const GUARDED = E.GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS;
export const TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all";
export const GROUPS = "urn:globus:auth:scope:groups.api.globus.org:all";

let passed = 0;
let failed = 0;

export async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

// Where the emulator keeps what it knows in files, it is killed here and started again.
export async function interlude() {
  const path = E.REAL_CLIENTS_EMULATOR_PID;
  if (!path) return;
  await check("the emulator is killed and comes back", async () => {
    const read = () => readFileSync(path, "utf8");
    const old = read();
    process.kill(Number(old), "SIGKILL");
    await until(() => !["", old].includes(read()), 60);
  });
}

export async function until(isSo, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The document that an answer brings, which must have the status.
export async function json(answer, status = 200) {
  const response = await answer;
  const text = await response.text();
  const expected = [].concat(status);
  assert.ok(expected.includes(response.status), `status ${response.status}, not ${expected}: ${text}`);
  assert.ok(!text.includes("There is nothing at"), text);
  return JSON.parse(text);
}

// Steers the emulator itself: its faults, its clock, what it was asked.
export function control(method, route, body = {}) {
  const headers = { "Content-Type": "application/json" };
  const init = method === "GET" ? { method } : { method, headers, body: JSON.stringify(body) };
  return json(fetch(`${AUTH}__emulator/${route}`, init), [200, 201]);
}

// What a browser and its user would do with a link: the code that the page shows.
export async function codeFor(parameters, user = USER) {
  const query = new URLSearchParams({ ...parameters, emulator_approve: "1", emulator_user: user });
  const page = await (await fetch(`${AUTH}v2/oauth2/authorize?${query}`)).text();
  return /id="auth-code"[^>]*>([^<]+)</.exec(page)[1];
}

// Logs in with PKCE; the tokens by their resource server.
export async function logIn(scope, user = USER) {
  const verifier = randomBytes(32).toString("base64url");
  const client = { client_id: NATIVE, redirect_uri: `${AUTH}v2/web/auth-code` };
  const code = await codeFor(
    {
      ...client,
      response_type: "code",
      scope,
      state: randomUUID(),
      access_type: "offline",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    },
    user,
  );
  const payload = { ...client, code, code_verifier: verifier, grant_type: "authorization_code" };
  const body = await json(auth.oauth2.token.exchange({ payload }));
  return Object.fromEntries([body, ...body.other_tokens].map((token) => [token.resource_server, token]));
}

const logins = new Map();

// The options that make a call as a user.
export async function as(server, user = USER) {
  if (!logins.has(user)) {
    logins.set(user, logIn(`openid profile email ${TRANSFER} ${GROUPS}`, user));
  }
  return bearer((await logins.get(user))[server].access_token);
}

export const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } });
export const fresh = (prefix) => `${prefix}-${randomUUID().slice(0, 8)}`;
export { assert };
