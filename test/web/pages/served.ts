import { serve } from "@hono/node-server";
import { once } from "node:events";
import { Hono } from "hono";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { assetRoutes } from "../../../src/web/asset-routes.ts";
import { pageHeaders } from "../../../src/web/headers.ts";

/** A server of pages, on this machine. */
export interface ServedPages {
  readonly url: string;
  close(): void;
}

/** Serves pages with the headers and assets that they have at the bot's. */
export async function servePages(routes: Hono): Promise<ServedPages> {
  const app = new Hono();
  app.use(pageHeaders("http://127.0.0.1", GITHUB_COM));
  app.route("/", assetRoutes());
  app.route("/", routes);
  const address = { hostname: "127.0.0.1", port: 0 };
  // Other files run in the same process, and would get Hono's own Response.
  const server = serve({ fetch: app.fetch, overrideGlobalObjects: false, ...address });
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${bound.port}`,
    close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      server.close();
    },
  };
}
