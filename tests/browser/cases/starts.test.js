// Starts that are odd, not allowed or not there, as a page sees them.

import assert from "node:assert/strict";

import { both, one, world } from "../rig/world.js";

const w = world();
const JOURNEY = "temp_code_auth_journey";
const nested = (depth) => (depth === 0 ? [] : [nested(depth - 1)]);

both(w, "an unknown journey is a rejection that says so", async (open) => {
  const tab = await open();
  for (const name of ["no_such_journey", "../etc", "verify_support_code", "x".repeat(2_000)]) {
    const response = await tab.start(name);
    assert.deepEqual([response.journeyStepId, response.data?.rejectionReason], ["action:rejection", "there is no such journey"], `${name} ${JSON.stringify(response)}`);
  }
});

both(w, "parameters of the wrong shape are the rejection of a wrong code, but for the author's words", async (open) => {
  const tab = await open();
  const odd = [
    {},
    { external_user_id: 7, temp_code: 123456 },
    { external_user_id: "user123" },
    { external_user_id: null, temp_code: null },
    { external_user_id: { deep: [[{}]] }, temp_code: ["1"] },
    "text",
    [1, 2],
  ];
  for (const params of odd) {
    const response = await tab.start(JOURNEY, params);
    const shown = JSON.stringify(params);
    assert.deepEqual([response.journeyStepId, response.data.rejectionReason], ["action:rejection", "Session rejected"], shown);
    assert.equal(response.token, undefined, shown);
  }
  const huge = await tab.start(JOURNEY, { external_user_id: "x".repeat(100_000), temp_code: "1" });
  assert.deepEqual([huge.journeyStepId, huge.data.rejectionReason], ["action:rejection", "the body is too large"]);
  const deep = await tab.start(JOURNEY, { temp_code: nested(40) });
  assert.equal(deep.journeyStepId, "action:rejection");
});

both(w, "parameters of an earlier start that the SDK sends again do no harm", async (open) => {
  const [tab, user] = [await open(), await w.desk.user()];
  const temp_code = await w.desk.code(user);
  await tab.start(JOURNEY, { external_user_id: user, temp_code });
  // The SDK sends them also without being told to: a journey that declares none of them has them dropped unread.
  const asked = await tab.start("plans");
  assert.equal(asked.journeyStepId, "ask");
  if (!tab.encrypted) {
    assert.equal(tab.sent.at(-1).body.data.params.temp_code, temp_code, "the SDK does so no more: say so in the docs");
  }
  // One that declares them gets them, and the code is worth nothing any more.
  const again = await tab.start(JOURNEY);
  assert.equal(again.journeyStepId, "action:rejection");
});

one(w, "a page of an origin that is not listed gets no answer, and nothing is done for it", async (open) => {
  const user = await w.desk.user();
  const temp_code = await w.desk.code(user);
  const stranger = await open({ origin: w.pages.stranger });
  const params = { external_user_id: user, temp_code };
  assert.deepEqual(await stranger.start(JOURNEY, params), { thrown: "network_error" });
  assert.deepEqual(await (await open({ origin: w.pages.stranger, encrypted: true })).start(JOURNEY, params), { thrown: "network_error" });
  const listed = await open();
  assert.equal((await listed.start(JOURNEY, params)).journeyStepId, "action:success", "the code is unused");
});

one(w, "a client that is not known gets no answer", async (open) => {
  const tab = await open({ client: "nobody" });
  assert.deepEqual(await tab.start(JOURNEY, {}), { thrown: "network_error" });
});

both(w, "what the server does not do is a rejection with its reason, or an error", async (open) => {
  const tab = await open();
  const sso = await tab.call("startSsoJourney", "interaction", { encrypted: tab.encrypted });
  assert.deepEqual([sso.journeyStepId, sso.data.rejectionReason], ["action:rejection", "there is no sign-in that another one began"]);
  await tab.start("plans");
  assert.equal(await tab.call("generateDebugPin"), undefined);
});
