// Temporary codes by the official SDK: a right one signs in, and whatever is wrong with one reads the same.

import assert from "node:assert/strict";

import { wrong } from "../rig/desk.js";
import { both, world } from "../rig/world.js";

const JOURNEY = "temp_code_auth_journey";
const w = world();

for (const form of ["module", "script"]) {
  both(w, `a right code signs in, the SDK loaded as a ${form}`, async (open) => {
    const [tab, user] = [await open({ form }), await w.desk.user()];
    const temp_code = await w.desk.code(user);
    const response = await tab.start(JOURNEY, { external_user_id: user, temp_code });
    assert.equal(response.journeyStepId, "action:success", JSON.stringify(response));
    const claims = await w.desk.verified(response.token);
    assert.deepEqual([claims.external_user_id, claims.amr, claims.acr, claims.aud], [undefined, ["tac"], "recovery", "default"]);
    const body = JSON.stringify(tab.sent);
    assert.equal(body.includes(temp_code), !tab.encrypted, "the code is in clear only where nothing is encrypted");
  });
}

both(w, "a wrong, used, other user's, unknown user's and locked code are told alike", async (open) => {
  const tab = await open();
  const refused = async (user, temp_code) => {
    const { clientResponseOptions, ...response } = await tab.start(JOURNEY, { external_user_id: user, temp_code });
    assert.equal(response.journeyStepId, "action:rejection", JSON.stringify(response));
    assert.equal(response.token, undefined);
    return response;
  };
  const [user, other] = [await w.desk.user(), await w.desk.user()];
  const [code, others] = [await w.desk.code(user), await w.desk.code(other)];
  const answers = {
    wrong: await refused(user, wrong(code)),
    other: others === code ? undefined : await refused(user, others),
    unknown: await refused("user-nobody", code),
  };
  const success = await tab.start(JOURNEY, { external_user_id: user, temp_code: code });
  assert.equal(success.journeyStepId, "action:success", "two wrong codes do not lock");
  answers.used = await refused(user, code);
  const fresh = await w.desk.code(user);
  for (let guess = 0; guess < 3; guess += 1) await refused(user, wrong(fresh));
  answers.locked = await refused(user, fresh);
  for (const [name, answer] of Object.entries(answers)) {
    if (answer !== undefined) assert.deepEqual(answer, answers.wrong, name);
  }
  assert.equal(answers.wrong.data.data.message, "This code is not valid. Please call support again.");
});
