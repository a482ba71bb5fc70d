import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { accountRoutes } from "./account.ts";
import { adminRoutes } from "./admin-routes.ts";
import { assetRoutes } from "./asset-routes.ts";
import { callbackRoutes } from "./callback.ts";
import { pageHeaders } from "./headers.ts";
import { eventRoutes } from "./event-routes.ts";
import { listRoutes } from "./list-routes.ts";
import { taskPageRoutes } from "./task-page-routes.ts";
import type { PagesOptions } from "./options.ts";
import { createPageParts } from "./parts.ts";
import { broken, foreignForm, lengthMissing, notFound, tooLarge } from "./problem-answers.ts";
import { qrRoutes } from "./qr-routes.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import { schemaRoutes } from "./schema-routes.ts";
import { setupRoutes } from "./setup-routes.ts";
import { signInRoutes } from "./sign-in.ts";
import { taskRoutes } from "./task-routes.ts";

/** A message of 4,000 characters takes up to nine bytes for each. */
const MAX_FORM_BYTES = 48 * 1024;

/** The pages. They need no JavaScript, and ask no other host for anything. */
export function createPages(options: PagesOptions): Hono {
  const { hosts, log } = options;
  const { origin } = new URL(options.publicUrl);
  const parts = createPageParts(options);
  const app = new Hono();

  app.use(pageHeaders(origin, hosts));
  // Before what's for pages: images can be kept.
  app.route("/", qrRoutes(options));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
  });
  app.use(async (c, next) => {
    const { method } = c.req;
    const isForm = method === "POST";
    if (!isForm && method !== "GET" && method !== "HEAD") return notFound(c);
    // Browsers say how long a form is. Without that, it would have to be read to find out.
    const isLengthMissing = isForm && c.req.header("content-length") === undefined;
    if (isLengthMissing || c.req.header("transfer-encoding") !== undefined) return lengthMissing(c);
    return next();
  });
  app.use(csrf({ origin }));
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES, onError: tooLarge }));

  app.route("/", listRoutes(parts));
  app.route("/", taskPageRoutes(parts));
  app.route("/", repositoryRoutes(parts));
  app.route("/", setupRoutes(parts));
  app.route("/", eventRoutes(parts));
  app.route("/", adminRoutes(parts));
  app.route("/", signInRoutes(parts));
  app.route("/", callbackRoutes(parts));
  app.route("/", accountRoutes(parts));
  app.route("/", taskRoutes(parts));
  app.route("/", assetRoutes());
  app.route("/", schemaRoutes());

  app.notFound(notFound);
  app.onError((error, c) => {
    if (error instanceof HTTPException) return foreignForm(c);
    // Whoever breaks off doesn't read the answer, and has no claim on the log.
    if (!c.req.raw.signal.aborted) log.error({ err: error }, "page failed");
    return broken(c);
  });
  return app;
}
