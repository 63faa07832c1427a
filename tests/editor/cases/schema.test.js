// What somebody sees who writes a journey in an editor with the YAML language server and our schema.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";

import { Server } from "../rig/server.js";

const server = new Server();
before(() => server.start());
after(() => server.stop());

const step = (text) => `journey: a\nsteps:\n  b:\n${text.replaceAll(/^/gm, "    ")}\n`;

test("the types of steps are offered, each with what it does", async () => {
  const offered = await server.completed(step("type: |>"));
  assert.equal(offered.get("condition"), "goes one of two ways by an expression");
  assert.ok(offered.has("temp_code_authentication") && offered.has("while_loop"), [...offered.keys()].join());
});

test("a step is offered the keys of its type, and no others", async () => {
  const condition = await server.completed(step("type: condition\n|>"));
  assert.ok(condition.has("with") && condition.has("branches"), [...condition.keys()].join());
  for (const key of ["next", "steps", "unauthenticated", "output"]) assert.ok(!condition.has(key), key);
  assert.ok((await server.completed(step("type: while_loop\n|>"))).has("steps"));
  assert.ok((await server.completed(step("type: complete_journey\n|>"))).has("unauthenticated"));
});

test("parameters, exits, values and types are offered", async () => {
  const cases = {
    "type: temp_code_authentication\nwith:\n  |>": ["external_user_id", "temp_code"],
    "type: temp_code_authentication\nbranches:\n  |>": ["success", "failure", "expired"],
    "type: create_cross_session_message\nwith:\n  identifier: |>": ["uuid", "alphanumeric"],
    "type: collect_information\nwith:\n  fields:\n    mail: |>": ["email", "password", "string"],
    "type: collect_information\nwith:\n  fields:\n    mail:\n      type: select\n      |>": ["options", "label"],
  };
  for (const [text, labels] of Object.entries(cases)) {
    const offered = await server.completed(step(text));
    for (const label of labels) assert.ok(offered.has(label), `${text}: ${[...offered.keys()].join()}`);
  }
  const types = await server.completed("journey: a\nparams:\n  x:\n    type: string\n    |>\nsteps: {}\n");
  assert.ok(types.has("max_length") && !types.has("minimum"), [...types.keys()].join());
});

test("what is pointed at is explained", async () => {
  const cases = {
    "type: temp_|>code_authentication": /Support issues the code/,
    "type: temp_code_authentication\nwith:\n  temp_|>code: x": /The code as the user typed it/,
    "type: temp_code_authentication\nbranches:\n  exp|>ired: x": /the newest code has run out.*it goes where `failure` goes/,
    "type: condition\ntime|>out: 3s": /How long it may last/,
  };
  for (const [text, expected] of Object.entries(cases)) assert.match(await server.shown(step(text)), expected, text);
  assert.match(await server.shown("journey: a\nsteps:\n  b|>b:\n    type: condition\n"), /goes one of two ways/);
});

test("each mistake is underlined once, in its own line", async () => {
  const done = "\nbranches: { then: b, else: b }";
  const cases = {
    "type: complete_journey\nnotes: x": ["5: Property notes is not allowed."],
    [`type: condition\nwith: { if: x, unless: y }${done}`]: ["5: Property unless is not allowed."],
    "type: condition\nwith: { if: x }\nbranches: { then: b }": ['6: Missing property "else".'],
    "type: provide_json_data\nwith: { data: 1 }": ['3: Missing property "next".'],
    "type: provide_json_data\nwith: { data: 1 }\nnext: b\nbranches: { next: b }": ["6: A step has either `branches` or `next`."],
    "type: provide_json_data\nwith: { data: 1 }\nnext: b\ntimeout: 30": [
      "7: Write whole numbers with units, such as `30s`, `5m` or `1h30m`.",
    ],
    "type: complete_journey\noutput: x": ["5: `output` has no effect: `complete_journey` gives no output."],
  };
  for (const [text, expected] of Object.entries(cases)) assert.deepEqual(await server.underlined(step(text)), expected, text);
  const [unknown, ...others] = await server.underlined(step("type: complete_jorney\nwith: {}"));
  assert.match(unknown, /^4: Value is not accepted. Valid values: .*"complete_journey"/);
  assert.deepEqual(others, []);
  const reserved = "journey: a\nsteps:\n  abort:\n    type: complete_journey\n";
  assert.deepEqual(await server.underlined(reserved), ["3: This is a target with a meaning of its own; give the step another id."]);
});

test("nothing is underlined in the journeys of the project", async () => {
  const folder = new URL("../../../journeys/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  assert.ok(files.length > 3);
  for (const name of files) assert.deepEqual(await server.underlined(readFileSync(new URL(name, folder), "utf8")), [], name);
});
