import { Hono } from "hono";
import { FAVICON } from "./pages/icons.ts";
import { SCRIPT, SCRIPT_PATH } from "./pages/script.ts";

/** What the pages load: by addresses that change with it, but for the icon, which browsers ask for by themselves. */
export function assetRoutes(): Hono {
  return new Hono()
    .get(SCRIPT_PATH, (c) =>
      c.body(SCRIPT, 200, {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
      }),
    )
    .get("/favicon.ico", (c) =>
      c.body(FAVICON, 200, {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "public, max-age=86400",
      }),
    );
}
