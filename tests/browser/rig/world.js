// A subject's cases come in; they run once plain and once encrypted, on one server and one browser.

import { after, before, test } from "node:test";

import { launch, Tab } from "./browser.js";
import { desk } from "./desk.js";
import { servePages } from "./pages.js";
import { startServer } from "./server.js";

/** What a case may take, in milliseconds, on a busy machine. */
const PATIENCE = 60_000;

/** The world of one file of cases. `start` is what begins the server. */
export function world(start = startServer) {
  const world = {};
  before(async () => {
    world.pages = await servePages();
    world.server = await start(world.pages);
    world.desk = desk(world.server);
    world.browser = await launch();
  });
  after(async () => {
    await world.browser?.close();
    await world.server?.close();
    await world.pages?.close();
  });
  world.settings = (more) => ({ base: world.server.base, origin: world.pages.origin, ...more });
  return world;
}

/** A case for both ways to send. It gets a function that opens tabs, which share a profile. */
export function both(world, name, body) {
  for (const encrypted of [false, true]) {
    one(world, `${name} (${encrypted ? "encrypted" : "plain"})`, (open) => body((more) => open({ encrypted, ...more })));
  }
}

/** A case. */
export function one(world, name, body) {
  test(name, { timeout: PATIENCE }, async () => {
    const context = await world.browser.newContext();
    try {
      await body((more) => Tab.open(context, world.settings(more)));
    } finally {
      await context.close();
    }
  });
}
