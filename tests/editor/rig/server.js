// Journeys come in, as an editor opens them; what the YAML language server says of them by our schema goes out.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const SCHEMA = new URL("docs/reference/journey.schema.json", root).href;
const PROGRAM = fileURLToPath(new URL("../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url));
const SETTINGS = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };

/** Where the cursor is in the texts of the tests. */
const CURSOR = "|>";

/** The server, which speaks JSON-RPC over its standard streams. */
export class Server {
  constructor() {
    this.child = spawn(process.execPath, [PROGRAM, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    Object.assign(this, { read: Buffer.alloc(0), calls: 0, waiting: new Map(), found: new Map(), opened: 0 });
    this.child.stdout.on("data", (bytes) => this.hear(bytes));
  }

  async start() {
    const documentation = { snippetSupport: true, documentationFormat: ["markdown"] };
    const textDocument = { completion: { completionItem: documentation }, hover: { contentFormat: ["markdown"] } };
    const capabilities = { textDocument, workspace: { configuration: true } };
    await this.call("initialize", { processId: process.pid, rootUri: root.href, capabilities, workspaceFolders: null });
    this.send({ method: "initialized", params: {} });
  }

  stop() {
    this.child.kill();
  }

  send(message) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  call(method, params) {
    const id = ++this.calls;
    const answer = new Promise((done) => this.waiting.set(id, done));
    this.send({ id, method, params });
    return answer;
  }

  hear(bytes) {
    this.read = Buffer.concat([this.read, bytes]);
    for (;;) {
      const head = this.read.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(this.read.subarray(0, Math.max(head, 0)))?.[1]);
      if (head < 0 || this.read.length < head + 4 + length) return;
      const message = JSON.parse(this.read.subarray(head + 4, head + 4 + length));
      this.read = this.read.subarray(head + 4 + length);
      this.take(message);
    }
  }

  take({ id, method, params, result }) {
    if (method === "workspace/configuration") {
      this.send({ id, result: params.items.map((item) => (item.section === "yaml" ? SETTINGS : {})) });
    } else if (method && id !== undefined) {
      this.send({ id, result: null });
    } else if (method === "textDocument/publishDiagnostics") {
      this.found.get(params.uri)?.(params.diagnostics);
    } else {
      this.waiting.get(id)?.(result);
    }
  }

  /** Opens a journey that names our schema; gives what is found in it, and asks about the place of the cursor. */
  async open(journey) {
    const uri = new URL(`journeys/opened_${++this.opened}.yaml`, root).href;
    const whole = `# yaml-language-server: $schema=${SCHEMA}\n${journey}`;
    const [before] = whole.split(CURSOR);
    const lines = before.split("\n");
    const position = { line: lines.length - 1, character: lines.at(-1).length };
    const found = new Promise((done) => this.found.set(uri, done));
    this.send({
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "yaml", version: 1, text: whole.replace(CURSOR, "") } },
    });
    const place = { textDocument: { uri }, position };
    return {
      // The first line is ours.
      found: (await found).map(({ range, message }) => `${range.start.line}: ${message}`),
      ask: (what) => this.call(`textDocument/${what}`, place),
    };
  }

  /** What may be typed at the cursor, by its label. */
  async completed(journey) {
    const { ask } = await this.open(journey);
    const answer = await ask("completion");
    const items = (answer.items ?? answer).map((item) => [item.label, item.documentation?.value ?? item.documentation ?? ""]);
    return new Map(items);
  }

  /** What is shown at the cursor. */
  async shown(journey) {
    const { ask } = await this.open(journey);
    return (await ask("hover"))?.contents.value ?? "";
  }

  /** What is underlined: lines from 1, and messages. */
  async underlined(journey) {
    return (await this.open(journey)).found;
  }
}
