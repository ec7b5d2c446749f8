// Tunnels between stream access points.

import { randomUUID } from "node:crypto";
import { as, assert, check, finish, interlude, json, sdk, until } from "./harness.mjs";

const { streamAccessPoint, tunnel } = sdk.transfer;
const me = await as("transfer.api.globus.org");
// Calls that take no headers of their own take them so.
const asMe = { fetch: { options: me } };

let points;
let id;

await check("access points are listed and read", async () => {
  points = (await json(streamAccessPoint.getAll(me))).data.map((point) => point.id);
  assert.ok(points.length >= 2);
  assert.equal((await json(streamAccessPoint.get(points[0], me))).data.id, points[0]);
});

await check("a tunnel is made", async () => {
  const point = (at) => ({ data: { type: "StreamAccessPoint", id: points[at] } });
  const data = {
    type: "Tunnel",
    relationships: { initiator: point(0), listener: point(1) },
    attributes: { label: "js", lifetime_mins: 60, submission_id: randomUUID() },
  };
  id = (await json(tunnel.create({ ...me, payload: { data } }), [200, 201])).data.id;
  assert.ok((await json(tunnel.getAll(me))).data.some((item) => item.id === id));
});

await interlude();

await check("a tunnel begins and ends", async () => {
  const state = async () => (await json(tunnel.get(id, me))).data.attributes.state;
  const listener = { listener_ip_address: "127.0.0.1", listener_port: 5000 };
  await json(tunnel.start(id, listener, asMe));
  assert.equal(await state(), "TUNNEL_ACTIVE");
  await json(tunnel.stop(id, {}, asMe));
  await until(async () => (await state()) === "STOPPED");
  assert.ok((await json(tunnel.getEventList(id, me))).data.length > 0);
});

await check("a tunnel is deleted", async () => {
  await json(tunnel.remove(id, me));
  await json(tunnel.get(id, me), 404);
});

finish();
