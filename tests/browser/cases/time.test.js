// What only time changes, on a server whose clock stands still until it is told to go on.

import assert from "node:assert/strict";

import { wrong } from "../rig/desk.js";
import { startClocked } from "../rig/server.js";
import { both, world } from "../rig/world.js";

const JOURNEY = "temp_code_auth_journey";
const w = world(startClocked);

both(w, "an expired code is told like a wrong one", async (open) => {
  const [tab, user] = [await open(), await w.desk.user()];
  const temp_code = await w.desk.code(user, { expires_in: 60 });
  const refused = await tab.start(JOURNEY, { external_user_id: user, temp_code: wrong(temp_code) });
  await w.server.advance(60);
  const expired = await tab.start(JOURNEY, { external_user_id: user, temp_code });
  assert.equal(expired.journeyStepId, "action:rejection");
  assert.deepEqual(expired, refused);
  const fresh = await w.desk.code(user, { expires_in: 60 });
  await w.server.advance(59);
  const done = await tab.start(JOURNEY, { external_user_id: user, temp_code: fresh });
  assert.equal(done.journeyStepId, "action:success", "a second before its time it is good");
});

both(w, "a lock ends by itself", async (open) => {
  const [tab, user] = [await open(), await w.desk.user()];
  const code = await w.desk.code(user, { expires_in: 3_600 });
  for (let guess = 0; guess < 3; guess += 1) await tab.start(JOURNEY, { external_user_id: user, temp_code: wrong(code) });
  await w.server.advance(900);
  const temp_code = await w.desk.code(user);
  assert.equal((await tab.start(JOURNEY, { external_user_id: user, temp_code })).journeyStepId, "action:success");
});

both(w, "a wait that nobody answers ends", async (open) => {
  const kiosk = await open();
  await kiosk.start("hand_over_start", { device_name: "Kiosk" });
  await w.server.advance(301);
  const late = await kiosk.submit("client_input");
  assert.equal(late.data.data.message, "Nobody has answered in time. Please begin again.", JSON.stringify(late));
});

both(w, "a channel that has run out is a rejection, and the next start has a new one", async (open) => {
  const tab = await open();
  await tab.start("hand_over_start", { device_name: "Kiosk" });
  await w.server.advance(7_200);
  assert.equal((await tab.submit("cancel")).journeyStepId, "action:rejection");
  const again = await tab.start("hand_over_start", { device_name: "Kiosk" });
  assert.equal(again.journeyStepId, "action:wait_for_another_device");
});
