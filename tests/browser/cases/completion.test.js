// A page whose client gets a code at the end: its backend fetches the tokens, once.

import assert from "node:assert/strict";

import { both, world } from "../rig/world.js";

const w = world();

both(w, "the backend exchanges the code and learns who the user is", async (open) => {
  const [tab, user] = [await open({ client: "coded" }), await w.desk.user()];
  const temp_code = await w.desk.code(user);
  const done = await tab.start("temp_code_auth_journey", { external_user_id: user, temp_code });
  assert.deepEqual([done.journeyStepId, done.token], ["action:success", undefined]);
  const { code } = done.data;
  const { status, body } = await w.desk.call("/ido/api/v2/token/exchange?clientId=coded", { code });
  assert.deepEqual([status, body.error_code], [200, 0]);
  const claims = await w.desk.verified(body.data.access_token);
  assert.deepEqual(claims, body.data.claims);
  const seen = await w.desk.call("/ido/api/v2/token/introspect?clientId=coded", { token: body.data.access_token });
  assert.deepEqual([seen.status, seen.body.data], [200, claims]);
  assert.equal((await w.desk.call("/ido/api/v2/token/exchange?clientId=coded", { code })).status, 400, "once");
});
