// Two pages that load the SDK come in; a server for them goes out, on a port of its own: the pages call across origins.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const FOLDERS = {
  "/sdk/": here("../node_modules/@transmitsecurity/platform-web-sdk/dist/"),
  "/": here("../pages/"),
};
const TYPES = { html: "text/html", js: "text/javascript" };

/** Serves the pages until the function that comes back is called. */
export async function servePages() {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const [prefix, folder] = Object.entries(FOLDERS).find(([prefix]) => path.startsWith(prefix));
    const name = path.slice(prefix.length);
    const type = TYPES[name.split(".").pop()];
    try {
      if (!type || name.includes("/")) throw new Error("no such page");
      const bytes = await readFile(folder + name);
      response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return {
    // Both names lead to the same pages, and are two origins to a browser.
    origin: `http://localhost:${port}`,
    stranger: `http://127.0.0.1:${port}`,
    close: () => new Promise((done) => server.close(done)),
  };
}
