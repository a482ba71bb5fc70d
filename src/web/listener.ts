import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PagesOptions } from "./options.ts";
import { createPages } from "./site.ts";

/** The pages as a listener of Node's HTTP server. It resolves when the answer is written. */
export function createPagesListener(
  options: PagesOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const pages = createPages(options);
  return getRequestListener(
    async (request, { incoming, outgoing }) => {
      const response = await pages.fetch(request, { incoming, outgoing });
      // The server refused the request meanwhile, because others needed its connection.
      return outgoing.headersSent ? RESPONSE_ALREADY_SENT : response;
    },
    // GitHub's clients use the same globals.
    { overrideGlobalObjects: false },
  );
}
