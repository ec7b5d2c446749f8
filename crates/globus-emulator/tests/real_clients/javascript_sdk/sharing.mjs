// Guest collections: their rules and roles; groups and their members.

import { A, assert, as, check, finish, fresh, interlude, json, sdk } from "./harness.mjs";

const { auth, groups, transfer } = sdk;
const me = await as("transfer.api.globus.org");
const ada = await as("transfer.api.globus.org", "ada@example.org");
const mine = await as("groups.api.globus.org");
const adas = await as("groups.api.globus.org", "ada@example.org");
const { sub: adaId } = await json(auth.oauth2.userinfo(await as("auth.globus.org", "ada@example.org")));
const ls = (who, status, path = "/godata/") =>
  json(transfer.fileOperations.ls(guest, { ...who, query: { path } }), status);

let guest;

await check("a guest collection is made and changed", async () => {
  const payload = {
    DATA_TYPE: "shared_endpoint",
    host_endpoint: A,
    host_path: "/share/",
    display_name: fresh("js"),
  };
  guest = (await json(make(payload), 201)).id;
  await json(transfer.endpoint.update(guest, { ...me, payload: { display_name: "renamed" } }));
  assert.equal((await json(transfer.endpoint.get(guest, me))).display_name, "renamed");
});

// The SDK has no call for it.
function make(payload) {
  const url = new URL("/v0.10/shared_endpoint", process.env.GLOBUS_SDK_SERVICE_URL_TRANSFER);
  const headers = { ...me.headers, "Content-Type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(payload) });
}

await check("a rule lets somebody in", async () => {
  await ls(ada, 403);
  const payload = {
    DATA_TYPE: "access",
    principal_type: "identity",
    principal: adaId,
    path: "/godata/",
    permissions: "r",
  };
  const made = await json(transfer.access.create(guest, { ...me, payload }), 201);
  assert.equal((await ls(ada)).DATA.length, 3);
  const changed = { ...payload, permissions: "rw" };
  await json(transfer.access.update({ endpoint_xid: guest, id: made.access_id }, { ...me, payload: changed }));
  const rule = await json(transfer.access.get({ endpoint_xid: guest, id: made.access_id }, me));
  assert.equal(rule.permissions, "rw");
  const listed = await json(transfer.access.getAll(guest, me));
  assert.ok(listed.DATA.some((item) => item.id === made.access_id));
  await json(transfer.access.remove({ endpoint_xid: guest, id: made.access_id }, me));
  await ls(ada, 403);
});

await interlude();

await check("a role is given and taken", async () => {
  const payload = { DATA_TYPE: "role", principal_type: "identity", principal: adaId, role: "access_manager" };
  const made = await json(transfer.roles.create(guest, { ...me, payload }), [200, 201]);
  assert.equal((await json(transfer.roles.get({ endpoint_id: guest, role_id: made.id }, me))).role, "access_manager");
  await json(transfer.access.getAll(guest, ada));
  await json(transfer.roles.remove({ collection_id: guest, role_id: made.id }, me));
  await json(transfer.access.getAll(guest, ada), 403);
});

await check("a guest collection is deleted", async () => {
  await json(transfer.endpoint.remove(guest, me));
  await json(transfer.endpoint.get(guest, me), 404);
});

let group;

await check("my groups are listed", async () => {
  const listed = await json(groups.groups.getMyGroups({ ...mine, query: { statuses: ["active", "invited"] } }));
  assert.ok(listed.some((item) => item.name === "Climate Data Working Group"));
});

await check("a group is made and changed", async () => {
  group = (await json(groups.groups.create({ ...mine, payload: { name: fresh("js"), description: "x" } }), [200, 201])).id;
  await json(groups.groups.update(group, { ...mine, payload: { name: "renamed" } }));
  assert.equal((await json(groups.groups.get(group, mine))).name, "renamed");
  const policies = await json(groups.policies.get(group, mine));
  await json(groups.policies.update(group, { ...mine, payload: { ...policies, join_requests: true } }));
  assert.equal((await json(groups.policies.get(group, mine))).join_requests, true);
});

await check("an invitation is accepted, and a member removed", async () => {
  const act = (who, action) =>
    json(groups.membership.act(group, { ...who, payload: { [action]: [{ identity_id: adaId }] } }));
  assert.equal((await act(mine, "invite")).invite[0].status, "invited");
  assert.equal((await act(adas, "accept")).accept[0].status, "active");
  const query = { include: ["memberships"] };
  const { memberships } = await json(groups.groups.get(group, { ...mine, query }));
  assert.equal(memberships.length, 2);
  assert.equal((await act(mine, "remove")).remove[0].status, "removed");
});

await check("a group is deleted", async () => {
  await json(groups.groups.remove(group, adas), 403);
  await json(groups.groups.remove(group, mine));
  await json(groups.groups.get(group, mine), 404);
});

finish();
