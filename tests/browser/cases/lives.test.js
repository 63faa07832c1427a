// What a page goes through while a journey waits: it is reloaded, opened twice, loses an answer, or the server is restarted.

import assert from "node:assert/strict";

import { both, world } from "../rig/world.js";

const w = world();

both(w, "a journey goes on in a page that was loaded anew", async (open) => {
  const tab = await open();
  await tab.start("plans");
  const state = await tab.call("serializeState");
  await tab.load();
  assert.deepEqual(await tab.submit("client_input", { plan: "a" }), { thrown: "no_active_journey" });
  const restored = await tab.call("restoreFromSerializedState", state);
  assert.equal(restored.journeyStepId, "ask");
  const done = await tab.submit("client_input", { plan: "a" });
  assert.deepEqual([done.journeyStepId, done.data.data], ["action:success", { plan: "a" }]);
});

both(w, "a journey goes on after the server was restarted", async (open) => {
  const tab = await open();
  await tab.start("plans");
  await w.server.restart();
  const done = await tab.submit("client_input", { plan: "b" });
  assert.deepEqual([done.journeyStepId, done.data.data], ["action:success", { plan: "b" }]);
});

both(w, "two tabs have two journeys, and one that was copied has one winner", async (open) => {
  const [one, other] = [await open(), await open()];
  await one.start("plans");
  await other.start("plans");
  const state = await one.call("serializeState");
  assert.equal((await one.submit("client_input", { plan: "a" })).data.data.plan, "a");
  assert.equal((await other.submit("client_input", { plan: "b" })).data.data.plan, "b", "of its own");
  await other.call("restoreFromSerializedState", state);
  const late = await other.submit("client_input", { plan: "b" });
  assert.deepEqual([late.journeyStepId, late.data.data], ["action:rejection", undefined], "another answer to what was answered");
});

both(w, "an answer that was lost is had by sending the same again", async (open) => {
  const [tab, user] = [await open(), await w.desk.user()];
  const temp_code = await w.desk.code(user);
  await tab.start("recovery_by_form");
  // After an error of the network the SDK holds the journey for ended, so a page keeps the state beside it.
  const state = await tab.call("serializeState");
  let reached = 0;
  await tab.page.route("**/auth/assert**", async (route) => {
    reached = (await route.fetch()).status();
    await route.abort();
  });
  const answer = { identifier: user, temp_code };
  assert.deepEqual(await tab.submit("client_input", answer), { thrown: "network_error" });
  assert.equal(reached, 200, "the server had done it");
  await tab.page.unroute("**/auth/assert**");
  await tab.call("restoreFromSerializedState", state);
  const done = await tab.submit("client_input", answer);
  assert.equal(done.journeyStepId, "action:success", `the code is used, but this is the same answer: ${JSON.stringify(done)}`);
  assert.equal((await w.desk.verified(done.token)).acr, "recovery");
});

both(w, "after the end there is nothing to submit", async (open) => {
  const tab = await open();
  await tab.start("plans");
  await tab.submit("cancel");
  const after = await tab.submit("client_input", { plan: "a" });
  assert.ok(after.thrown ?? after.journeyStepId === "action:rejection", JSON.stringify(after));
});
