// Collections, files, transfers and their tasks.

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { A, B, E, USER } from "./harness.mjs";
import { as, assert, check, finish, fresh, interlude, json, sdk, until } from "./harness.mjs";

const { transfer } = sdk;
const me = await as("transfer.api.globus.org");
const ada = await as("transfer.api.globus.org", "ada@example.org");
const home = `${E.GLOBUS_EMULATOR_COLLECTION_B_DIR}/home/${USER.split("@")[0]}`;
const names = (listing) => listing.DATA.map((item) => item.name);

async function submission() {
  return (await json(transfer.taskSubmission.submissionId(me))).value;
}

async function submit(source_path, destination_path, more = {}) {
  const item = { DATA_TYPE: "transfer_item", source_path, destination_path, ...more };
  const payload = {
    DATA_TYPE: "transfer",
    submission_id: await submission(),
    label: "from JavaScript",
    source_endpoint: A,
    destination_endpoint: B,
    DATA: [item],
  };
  return json(transfer.taskSubmission.submitTransfer({ ...me, payload }), 202);
}

async function ended(task) {
  let document;
  await until(async () => {
    document = await json(transfer.task.get(task, me));
    return document.status !== "ACTIVE";
  });
  return document;
}

await check("collections are found and read", async () => {
  const query = { filter_fulltext: "Tutorial Collection", limit: 10 };
  const found = await json(transfer.endpointSearch({ ...me, query }));
  assert.equal(found.DATA.length, 2);
  assert.equal((await json(transfer.endpoint.get(A, me))).owner_string, USER);
});

await check("a directory is listed, described, made, and renamed", async () => {
  const ls = (id, path) => json(transfer.fileOperations.ls(id, { ...me, query: { path } }));
  const listing = await ls(A, "/share/godata/");
  assert.deepEqual(names(listing), ["file1.txt", "file2.txt", "file3.txt"]);
  assert.ok(transfer.utils.isFileDocument(listing.DATA[0]) && !transfer.utils.isDirectory(listing.DATA[0]));
  const query = { path: "/share/godata/file1.txt" };
  assert.equal((await json(transfer.fileOperations.stat(A, { ...me, query }))).size, 4);
  const name = fresh("js");
  await json(transfer.fileOperations.mkdir(B, { ...me, payload: { path: `/~/${name}` } }), 202);
  const payload = { old_path: `/~/${name}`, new_path: `/~/${name}-2` };
  await json(transfer.fileOperations.rename(B, { ...me, payload }), [200, 202]);
  assert.ok(names(await ls(B, "/~/")).includes(`${name}-2`));
});

let task;

await check("a transfer is accepted", async () => {
  const accepted = await submit("/share/godata/", "/~/from-javascript/", { recursive: true });
  assert.equal(accepted.code, "Accepted");
  task = accepted.task_id;
});

await interlude();

await check("the bytes arrive", async () => {
  const document = await ended(task);
  assert.deepEqual([document.status, document.files_transferred], ["SUCCEEDED", 3]);
  assert.equal(readFileSync(`${home}/from-javascript/file1.txt`, "utf8"), "one\n");
  const moved = await json(transfer.task.getSuccessfulTransfers(task, me));
  assert.equal(moved.DATA.length, 3);
  assert.deepEqual((await json(transfer.task.getSkippedErrors(task, me))).DATA, []);
});

await check("tasks and their events are listed", async () => {
  const query = { filter: "type:TRANSFER", orderby: "request_time DESC", limit: 5 };
  const listed = await json(transfer.task.getAll({ ...me, query }));
  assert.ok(listed.DATA.some((item) => item.task_id === task));
  const events = await json(transfer.task.getEventList(task, me));
  assert.equal(events.DATA[0].code, "SUCCEEDED");
  await json(transfer.task.get(task, ada), 404);
});

await check("a task is changed and cancelled", async () => {
  const { task_id } = await submit("/share/missing", "/~/missing");
  await json(transfer.task.update(task_id, { ...me, payload: { DATA_TYPE: "task", label: "renamed" } }));
  assert.equal((await json(transfer.task.get(task_id, me))).label, "renamed");
  assert.deepEqual((await json(transfer.task.getPauseInfo(task_id, me))).pause_rules, []);
  assert.equal((await json(transfer.task.cancel(task_id, me))).code, "Canceled");
  assert.equal((await ended(task_id)).status, "FAILED");
});

await check("a deletion deletes", async () => {
  const payload = {
    DATA_TYPE: "delete",
    submission_id: await submission(),
    endpoint: B,
    recursive: true,
    DATA: [{ DATA_TYPE: "delete_item", path: "/~/from-javascript" }],
  };
  const { task_id } = await json(transfer.taskSubmission.submitDelete({ ...me, payload }), 202);
  assert.equal((await ended(task_id)).status, "SUCCEEDED");
  assert.ok(!existsSync(`${home}/from-javascript`));
});

await check("a bookmark is kept", async () => {
  const bookmarks = transfer.collectionBookmarks;
  const payload = { name: fresh("js"), endpoint_id: A, path: "/share/" };
  const made = await json(bookmarks.create({ ...me, payload }), 201);
  assert.equal((await json(bookmarks.get(made.id, me))).path, "/share/");
  await json(bookmarks.update(made.id, { ...me, payload: { name: `${payload.name}-2` } }));
  const listed = await json(bookmarks.getAll({ ...me, query: {} }));
  assert.ok(listed.DATA.some((item) => item.name === `${payload.name}-2`));
  await json(bookmarks.remove(made.id, me));
  await json(bookmarks.get(made.id, me), 404);
});

await check("an unknown collection is not found", async () => {
  assert.equal((await json(transfer.endpoint.get(randomUUID(), me), 404)).code, "EndpointNotFound");
});

finish();
