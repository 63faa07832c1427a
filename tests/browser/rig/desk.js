// A server comes in; what a support desk and an application's backend do with it by HTTP goes out.

import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";

/** The desk of a server: it adds users, issues codes, and looks at tokens. */
export function desk({ base, secret }) {
  const credentials = { grant_type: "client_credentials", client_id: "support", client_secret: secret };
  const bearer = async () => {
    const answer = await fetch(`${base}/oidc/token`, { method: "POST", body: new URLSearchParams(credentials) });
    assert.equal(answer.status, 200);
    return `Bearer ${(await answer.json()).access_token}`;
  };
  const call = async (path, body) => {
    const headers = { authorization: await bearer(), "content-type": "application/json" };
    const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    call,
    /** A new user's external id. */
    user: async () => {
      const external_user_id = `user-${randomUUID()}`;
      const { status } = await call("/cis/v1/users", { external_user_id });
      assert.equal(status, 201);
      return external_user_id;
    },
    code: async (user, more = {}) => {
      const asked = { channel: "direct", identifier_type: "external_user_id", identifier: user, ...more };
      const { status, body } = await call("/cis/v1/auth/otp/send", asked);
      assert.equal(status, 200, JSON.stringify(body));
      return body.code;
    },
    /** The claims of a token, verified by the published keys alone. */
    verified: async (token) => {
      const { keys } = await (await fetch(`${base}/.well-known/jwks.json`)).json();
      const [header, claims, signature] = token.split(".");
      const read = (part) => JSON.parse(Buffer.from(part, "base64url"));
      const key = keys.find(({ kid }) => kid === read(header).kid);
      const signed = { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" };
      assert.ok(verify("sha256", `${header}.${claims}`, signed, Buffer.from(signature, "base64url")), "the signature");
      return read(claims);
    },
  };
}

/** Another code of the same length. */
export const wrong = (code) => code.replace(/\d/g, (digit) => (digit === "9" ? "0" : "9"));
