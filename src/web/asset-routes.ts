import { Hono } from "hono";
import { SCRIPT, SCRIPT_PATH } from "./pages/script.ts";

/** What the pages load, by addresses that change with it. */
export function assetRoutes(): Hono {
  return new Hono().get(SCRIPT_PATH, (c) =>
    c.body(SCRIPT, 200, {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "public, max-age=31536000, immutable",
    }),
  );
}
