// A page that waits for another device, as the official SDK polls.

import assert from "node:assert/strict";

import { both, world } from "../rig/world.js";

const w = world();

both(w, "the page goes on when the other device has answered", async (open) => {
  const [kiosk, phone, user] = [await open(), await open(), await w.desk.user()];
  const temp_code = await w.desk.code(user);
  const waiting = await kiosk.start("hand_over_start", { device_name: "Kiosk" });
  assert.deepEqual([waiting.journeyStepId, waiting.data.title], ["action:wait_for_another_device", "Go on with your phone"]);
  const quiet = await kiosk.submit("client_input");
  assert.equal(quiet.journeyStepId, "action:wait_for_another_device");
  assert.equal((await phone.start("hand_over_finish", { message_id: waiting.data.content })).journeyStepId, "ask");
  const there = await phone.submit("client_input", { identifier: user, temp_code });
  assert.equal(there.journeyStepId, "action:success", JSON.stringify(there));
  const here = await kiosk.submit("client_input");
  assert.deepEqual([here.journeyStepId, here.token], ["action:success", undefined], "nobody was proven here");
  assert.equal(here.data.data.message, "You are signed in on your other device.");
});

both(w, "the wait can be given up", async (open) => {
  const kiosk = await open();
  await kiosk.start("hand_over_start", { device_name: "Kiosk" });
  const ended = await kiosk.submit("cancel");
  assert.deepEqual([ended.journeyStepId, ended.data.data.message], ["action:rejection", "You can come back at any time."]);
});
