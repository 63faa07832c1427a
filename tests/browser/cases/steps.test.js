// Each step that asks the page, as the official SDK shows it, and each way on.

import assert from "node:assert/strict";

import { wrong } from "../rig/desk.js";
import { both, world } from "../rig/world.js";

const w = world();

both(w, "a form has its fields and its ways on, and takes an answer", async (open) => {
  const tab = await open();
  const asked = await tab.start("plans");
  assert.deepEqual([asked.journeyStepId, asked.type], ["ask", "client_input_required"]);
  assert.deepEqual(asked.data.app_data, { theme: "dark" });
  assert.deepEqual(asked.data.form_schema.required, ["plan"]);
  const ways = Object.values(asked.clientResponseOptions).map(({ id, type, label }) => [id, type, label]);
  assert.deepEqual(ways, [
    ["client_input", "client_input", "Client Input"],
    ["later", "custom", "Not now"],
    ["cancel", "cancel", "Cancel"],
  ]);
  const done = await tab.submit("client_input", { plan: "b" });
  assert.deepEqual([done.journeyStepId, done.data.data, done.token], ["action:success", { plan: "b" }, undefined]);
});

for (const [way, message] of [["later", "Later then."], ["cancel", "Given up."]]) {
  both(w, `the way ${way} leads where the author has led it`, async (open) => {
    const tab = await open();
    await tab.start("plans");
    const ended = await tab.submit(way);
    assert.deepEqual([ended.journeyStepId, ended.data.data.message], ["action:rejection", message]);
  });
}

both(w, "an answer that does not fit brings the form again with what was wrong", async (open) => {
  const tab = await open();
  const asked = await tab.start("plans");
  for (const answer of [{}, { plan: "c" }, { plan: 7 }, { plan: { deep: [[[]]] } }, { plan: "a", note: 7 }, [], "text", undefined]) {
    const again = await tab.submit("client_input", ...(answer === undefined ? [] : [answer]));
    const shown = JSON.stringify(answer);
    assert.deepEqual([again.journeyStepId, again.errorData?.errorCode], ["ask", "client_response_not_valid"], shown);
    assert.deepEqual(again.clientResponseOptions, asked.clientResponseOptions, shown);
    assert.deepEqual(again.data.form_schema, asked.data.form_schema, shown);
  }
  const none = await tab.submit("no_such_way");
  assert.equal(none.errorData?.errorCode ?? none.thrown, "client_response_not_valid");
  const done = await tab.submit("client_input", { plan: "a" });
  assert.equal(done.journeyStepId, "action:success", "the form stays good");
});

both(w, "after a wrong code the next form says so, and a right one signs in", async (open) => {
  const [tab, user] = [await open(), await w.desk.user()];
  const temp_code = await w.desk.code(user);
  await tab.start("recovery_by_form");
  const again = await tab.submit("client_input", { identifier: user, temp_code: wrong(temp_code) });
  assert.equal(again.journeyStepId, "ask_again");
  assert.deepEqual(again.errorData, { errorCode: "client_response_not_valid", description: "This code was not accepted." });
  assert.equal(again.data.error_data.code, "not_accepted");
  const done = await tab.submit("client_input", { identifier: user, temp_code });
  assert.equal(done.journeyStepId, "action:success");
  assert.deepEqual((await w.desk.verified(done.token)).amr, ["tac"]);
});

both(w, "an information is shown, and provided data is there beside it", async (open) => {
  const tab = await open();
  const shown = await tab.start("told", { note: "grüße ☂", count: 7 });
  assert.equal(shown.journeyStepId, "action:information");
  const { title, text, button_text, json_data } = { ...shown.data, ...shown.data.data };
  assert.deepEqual([title, text, button_text], ["Hello", "Your note is “grüße ☂”.", "Go on"]);
  assert.deepEqual(json_data ?? shown.data.json_data, { theme: "dark" });
  const done = await tab.submit("client_input");
  assert.deepEqual([done.journeyStepId, done.data.data], ["action:success", { count: 7, user_came_along: false }]);
});
