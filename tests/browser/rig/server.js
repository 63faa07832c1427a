// Journeys and the origin of pages come in; a running server with its clients goes out, as an operator would set it up.

import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const JOURNEYS = [here("../../../journeys/"), here("../journeys/")];

/** The program under test; `cargo xtask test browser` names the one that it has built. */
const program = (name) => {
  const folder = process.env.WAYFARER_PROGRAMS;
  if (!folder) throw new Error("set WAYFARER_PROGRAMS to the folder with the built programs, or run `cargo xtask test browser`");
  return join(folder, name);
};

/** The real server, on a store of its own. */
export async function startServer({ origin }) {
  const folder = await mkdtemp(join(tmpdir(), "wayfarer-browser-"));
  const journeys = join(folder, "journeys");
  for (const source of JOURNEYS) {
    for (const name of await readdir(source)) {
      if (name.endsWith(".yaml")) await cp(join(source, name), join(journeys, name));
    }
  }
  const wayfarer = program("wayfarer");
  const place = ["--data", join(folder, "data"), "--format", "json"];
  const client = async (name, ...words) => {
    const { stdout } = await run(wayfarer, ["client", "add", name, ...words, ...place]);
    return JSON.parse(stdout).client_secret;
  };
  const page = ["--public", "--scope", "journeys:run", "--origin", origin];
  await client("web", ...page);
  await client("coded", ...page, "--completion", "code");
  const scopes = ["otp:direct", "users:read", "users:write", "tokens:read"].flatMap((scope) => ["--scope", scope]);
  const secret = await client("support", ...scopes);
  const words = ["serve", "--journeys", journeys, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", ...place];
  let child, report;
  const begin = async (listen = "127.0.0.1:0") => {
    words[words.indexOf("--listen") + 1] = listen;
    child = spawn(wayfarer, words, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "error" } });
    report = JSON.parse(await firstLine(child));
  };
  const end = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
  };
  await begin();
  return {
    base: `http://${report.public}`,
    secret,
    /** The same store and the same address in a new process. */
    restart: async () => {
      await end();
      await begin(report.public);
    },
    close: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server's own crate under a clock that only `advance` moves, for what time changes. */
export async function startClocked({ origin }) {
  const child = spawn(program("examples/clocked_server"), [origin], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { public: address, secret } = await next();
  return {
    base: `http://${address}`,
    secret,
    advance: async (seconds) => {
      child.stdin.write(`${seconds}\n`);
      return next();
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
    },
  };
}

/** One line of what a program says first; it fails if the program ends before. */
function firstLine(child) {
  return new Promise((done, failed) => {
    createInterface({ input: child.stdout }).once("line", done);
    child.once("exit", (code) => failed(new Error(`the server ended with ${code} before it served`)));
  });
}
