// A server and the origin of its pages come in; tabs go out in which the official SDK is initialised and called.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser with a profile of its own. */
export async function launch() {
  if (!existsSync(PROGRAM)) throw new Error(`no browser at ${PROGRAM}: install the package chromium, or name one by CHROMIUM`);
  return chromium.launch({ executablePath: PROGRAM, headless: true, args: FLAGS });
}

/** A page in a context: what the SDK is told, what it answers, and what it sends. */
export class Tab {
  constructor(page, settings) {
    Object.assign(this, { page, ...settings, sent: [] });
    page.on("request", (request) => {
      if (request.method() === "POST") this.sent.push({ url: request.url(), body: request.postDataJSON() });
    });
  }

  static async open(context, settings) {
    const tab = new Tab(await context.newPage(), { client: "web", form: "module", encrypted: false, ...settings });
    await tab.load();
    return tab;
  }

  /** Loads the page, or loads it anew: nothing of the SDK is left then but what the browser keeps. */
  async load() {
    await this.page.goto(`${this.origin}/${this.form}.html`);
    await this.page.waitForFunction("window.ready");
    const told = { clientId: this.client, serverPath: `${this.base}/ido` };
    await this.page.evaluate(({ clientId, serverPath }) => {
      window.sdk.initialize({ clientId, ido: { serverPath, pollingTimeout: 1, logLevel: 3 } });
    }, told);
  }

  /** A call of the SDK: its answer, or `thrown`. What it tells of errors are objects of its own, so it comes as JSON. */
  async call(name, ...given) {
    const told = await this.page.evaluate(
      async ({ name, given }) => {
        try {
          return JSON.stringify({ answer: await window.sdk.ido[name](...given) });
        } catch (error) {
          return JSON.stringify({ answer: { thrown: error?.errorCode ?? String(error) } });
        }
      },
      { name, given },
    );
    return JSON.parse(told).answer;
  }

  start(journey, additionalParams, more = {}) {
    const options = { ...more, encrypted: this.encrypted };
    if (additionalParams !== undefined) options.additionalParams = additionalParams;
    return this.call("startJourney", journey, options);
  }

  submit(option, ...data) {
    return this.call("submitClientResponse", option, ...data);
  }
}
