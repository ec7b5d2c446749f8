// Runs the JavaScript SDK, as it comes, against a running emulator.
//
//     npm install @globus/sdk
//     globus-emulator exec -- node tests/real_clients/javascript_sdk.mjs
//
// Prints `N passed, M failed`.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const require = createRequire(pathToFileURL(join(process.cwd(), "x.js")));
const { auth, groups, transfer } = require("@globus/sdk");

const E = process.env;
const AUTH = E.GLOBUS_SDK_SERVICE_URL_AUTH;
const A = E.GLOBUS_EMULATOR_COLLECTION_A;
const B = E.GLOBUS_EMULATOR_COLLECTION_B;
const TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all";
const GROUPS = "urn:globus:auth:scope:groups.api.globus.org:all";

let passed = 0;
let failed = 0;
async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n`, error);
  }
}

const tokens = {};
const headers = (server) => ({ headers: { Authorization: `Bearer ${tokens[server]}` } });

await check("a login with PKCE", async () => {
  const verifier = randomBytes(32).toString("base64url");
  const redirect = `${AUTH}v2/web/auth-code`;
  const query = new URLSearchParams({
    client_id: E.GLOBUS_EMULATOR_NATIVE_CLIENT_ID,
    redirect_uri: redirect,
    response_type: "code",
    scope: `openid profile ${TRANSFER} ${GROUPS}`,
    state: "s",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    emulator_approve: "1",
  });
  const page = await (await fetch(`${AUTH}v2/oauth2/authorize?${query}`)).text();
  const code = /id="auth-code">([^<]+)</.exec(page)[1];
  const answer = await auth.oauth2.token.exchange({
    payload: {
      code,
      client_id: E.GLOBUS_EMULATOR_NATIVE_CLIENT_ID,
      redirect_uri: redirect,
      code_verifier: verifier,
      grant_type: "authorization_code",
    },
  });
  const body = await answer.json();
  for (const token of [body, ...body.other_tokens]) tokens[token.resource_server] = token.access_token;
  assert.equal(Object.keys(tokens).length, 3);
});

await check("userinfo", async () => {
  const info = await (await auth.oauth2.userinfo(headers("auth.globus.org"))).json();
  assert.equal(info.preferred_username, E.GLOBUS_EMULATOR_USERNAME);
});

await check("groups", async () => {
  const mine = await (await groups.groups.getMyGroups(headers("groups.api.globus.org"))).json();
  assert.equal(mine.length, 3);
});

await check("listing, search, and a transfer to its end", async () => {
  const as = headers("transfer.api.globus.org");
  const listing = await (
    await transfer.fileOperations.ls(A, { ...as, query: { path: "/share/godata/" } })
  ).json();
  assert.equal(listing.DATA.length, 3);
  const found = await (
    await transfer.endpointSearch({ ...as, query: { filter_fulltext: "Tutorial Collection" } })
  ).json();
  assert.equal(found.DATA.length, 2);
  const submission = await (await transfer.taskSubmission.submissionId(as)).json();
  const accepted = await (
    await transfer.taskSubmission.submitTransfer({
      ...as,
      payload: {
        DATA_TYPE: "transfer",
        submission_id: submission.value,
        source_endpoint: A,
        destination_endpoint: B,
        DATA: [
          {
            DATA_TYPE: "transfer_item",
            source_path: "/share/godata/",
            destination_path: "/~/from-javascript/",
            recursive: true,
          },
        ],
      },
    })
  ).json();
  assert.equal(accepted.code, "Accepted");
  let task;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    task = await (await transfer.task.get(accepted.task_id, as)).json();
  } while (task.status === "ACTIVE");
  assert.equal(task.status, "SUCCEEDED");
  assert.equal(task.files_transferred, 3);
});

await check("a revoked token is refused", async () => {
  await auth.oauth2.token.revoke({
    payload: {
      token: tokens["transfer.api.globus.org"],
      client_id: E.GLOBUS_EMULATOR_NATIVE_CLIENT_ID,
    },
  });
  const answer = await transfer.endpoint.get(A, headers("transfer.api.globus.org"));
  assert.equal(answer.status, 401);
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
