// Trouble on demand: what the SDK makes of it.

import { A, TRANSFER } from "./harness.mjs";
import { as, assert, bearer, check, control, finish, json, logIn, sdk } from "./harness.mjs";

const { errors, transfer } = sdk;
const me = await as("transfer.api.globus.org");
const inject = (action, path = "/v0.10/**") => control("POST", "faults", { path, action, times: 1 });

await check("an error has the document of its service", async () => {
  await inject({ error: { status: 403, code: "PermissionDenied", message: "no" } });
  const refused = await json(transfer.endpoint.get(A, me), 403);
  assert.ok(errors.isErrorWellFormed(refused));
  assert.equal(refused.code, "PermissionDenied");
});

await check("a demand for a session gives the parameters of the login", async () => {
  await inject({ session_required: { session_required_mfa: true, session_message: "again" } });
  const refused = await json(transfer.endpoint.get(A, me), 403);
  assert.ok(errors.isAuthorizationRequirementsError(refused), JSON.stringify(refused));
  const asked = errors.toAuthorizationQueryParams(refused);
  assert.equal(asked.session_required_mfa, "true");
  assert.equal(asked.session_message, "again");
});

await check("a lost connection is an error of the call", async () => {
  await inject("drop");
  await assert.rejects(transfer.endpoint.get(A, me));
});

await check("a token ends", async () => {
  const token = (await logIn(TRANSFER))["transfer.api.globus.org"].access_token;
  await json(transfer.endpoint.get(A, bearer(token)));
  await control("POST", "clock", { advance_seconds: 3 * 24 * 3600 });
  await json(transfer.endpoint.get(A, bearer(token)), 401);
});

finish();
