import type { HttpBindings } from "@hono/node-server";
import { getRequestListener } from "@hono/node-server";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Context } from "hono";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { GitHubHosts } from "../../../src/core/github/hosts.ts";
import { closeServer, listen } from "../../../src/http/listening.ts";
import { FAVICON } from "../../../src/web/pages/icons.ts";
import { STYLE_SOURCE } from "../../../src/web/pages/style.ts";
import { isSameSecret } from "../../../src/web/secrets.ts";
import type { ConvertedApp } from "./conversion.ts";
import { convert } from "./conversion.ts";
import type { Outcome, Registered } from "./flow.ts";
import { createFlow } from "./flow.ts";
import type { Addresses, AskedByApp } from "./manifest.ts";
import { askedByApp, manifestFor, MAX_APP_NAME } from "./manifest.ts";
import type { Step } from "./next-steps.ts";
import {
  canceledPage,
  donePage,
  expiredPage,
  failedPage,
  noPage,
  startPage,
  unsavedPage,
  usedPage,
  wrongStatePage,
} from "./pages.ts";
import type { Saved } from "./settings-file.ts";

export interface RegistrationOptions {
  /** Of 127.0.0.1. 0 picks a free one. */
  readonly port: number;
  readonly hosts: Pick<GitHubHosts, "kind" | "web" | "rest">;
  /** The organization that will own the App; null for the account that's signed in to GitHub. */
  readonly organization: string | null;
  readonly addresses: Addresses;
  /** The text of app.yml. */
  readonly appYml: string;
  readonly save: (app: ConvertedApp) => Saved;
  /** What's left to do then. */
  readonly stepsAfter: (app: ConvertedApp) => readonly Step[];
  /** Called with what GitHub's answers have come to. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** The pages of one registration, on this machine alone. */
export interface Registration {
  /** The first page. Nobody else on this machine knows its address. */
  readonly url: string;
  /** Resolves when an App is registered, and the browser has the last page or is gone. */
  readonly ended: Promise<Registered>;
  /** Whether stopping would lose credentials, or may. */
  isBusy(): boolean;
  close(): Promise<void>;
}

type Env = { Bindings: HttpBindings };

/** The page with the outcome is asked for at once, unless the browser is gone. */
const DELIVERY_MS = 10_000;
const CLOSE_MS = 1_000;

/** Serves the pages. Rejects when the port can't be had. */
export async function serveRegistration(options: RegistrationOptions): Promise<Registration> {
  const { port, hosts, save } = options;
  const { promise: ended, resolve: end } = Promise.withResolvers<Registered>();
  const flow = createFlow({
    convert: (code) => convert(code, hosts.rest),
    save,
    onOutcome(outcome) {
      options.onOutcome(outcome);
      if (outcome.type === "registered") setTimeout(end, DELIVERY_MS, outcome).unref();
    },
  });
  const server = createServer();
  const origin = await listen(server, { host: "127.0.0.1", port });
  const start = `/${randomBytes(16).toString("base64url")}`;
  const receive = (code: string) => flow.receive(code);
  const pages = createPages({ ...options, origin, start, receive, end });
  const answer = getRequestListener(pages.fetch, { overrideGlobalObjects: false });
  server.on("request", (request, response) => void answer(request, response));
  return {
    url: origin + start,
    ended,
    isBusy: () => flow.isBusy(),
    close() {
      flow.close();
      return closeServer(server, CLOSE_MS);
    },
  };
}

interface PagesOptions extends RegistrationOptions {
  readonly origin: string;
  /** The path of the first page. */
  readonly start: string;
  readonly receive: (code: string) => Promise<Outcome>;
  readonly end: (registered: Registered) => void;
}

function createPages(options: PagesOptions): Hono<Env> {
  const { hosts, organization, origin, start, receive, addresses, appYml } = options;
  const state = randomBytes(32).toString("base64url");
  const back = `${start}/registered`;
  const owner = organization === null ? "" : `/organizations/${encodeURIComponent(organization)}`;
  const apps = `${hosts.web}${owner}/settings/apps`;
  const asked = askedByApp(appYml);
  const app = new Hono<Env>();

  app.use(headers(hosts));
  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
    c.header("Connection", "close");
  });
  app.use(async (c, next) => (isForUs(c, origin) ? next() : c.html(noPage(), 403)));
  app.get("/favicon.ico", (c) => c.body(FAVICON, 200, { "Content-Type": "image/svg+xml" }));
  app.get(start, (c) => {
    const name = chosenName(c.req.query("name"), asked);
    const manifest = manifestFor(appYml, { name, addresses, redirectUrl: origin + back });
    const action = `${apps}/new?state=${state}`;
    const { web } = hosts;
    return c.html(startPage({ asked, name, organization, web, addresses, action, manifest }));
  });
  app.get(back, async (c) => {
    const { code = "", state: given = "" } = c.req.query();
    if (!isSameSecret(given, state)) return c.html(wrongStatePage(start), 403);
    if (code === "") return c.html(canceledPage(start), 400);
    return show(c, await receive(code));
  });
  app.notFound((c) => c.html(noPage(), 404));

  function show(c: Context<Env>, outcome: Outcome): Response | Promise<Response> {
    switch (outcome.type) {
      case "registered":
        endAfter(c, () => options.end(outcome));
        return c.html(donePage({ ...outcome, steps: options.stepsAfter(outcome.app) }));
      case "unsaved":
        return c.html(unsavedPage(outcome.why), 500);
      case "failed":
        return c.html(failedPage(outcome.why), 502);
      case "expired":
        return c.html(expiredPage(start, apps), 410);
      default:
        return c.html(usedPage(), 409);
    }
  }
  return app;
}

/** The page has gone out then, or the browser is gone. */
function endAfter({ env: { outgoing } }: Context<Env>, end: () => void): void {
  if (outgoing.closed) end();
  else outgoing.once("close", end);
}

/**
 * Whether a browser asks that was sent here by us, or by GitHub. Other sites can send it here, too, under another
 * name of this machine's, or without a window of its own.
 */
function isForUs(c: Context<Env>, origin: string): boolean {
  const { host } = new URL(origin);
  const own = [host, host.replace("127.0.0.1", "localhost")];
  const from = c.req.header("origin");
  const site = c.req.header("sec-fetch-site") ?? "none";
  const isOwnHost = own.includes(c.req.header("host") ?? "");
  const isOwnOrigin = from === undefined || own.some((one) => from === `http://${one}`);
  const isOwnSite = site === "none" || site === "same-origin";
  const isNavigation = c.req.header("sec-fetch-mode") === "navigate";
  return isOwnHost && isOwnOrigin && (isOwnSite || isNavigation);
}

function chosenName(given: string | undefined, { name }: AskedByApp): string {
  const chosen = (given ?? "").replaceAll(/\s+/gu, " ").trim();
  return chosen === "" ? name : chosen.slice(0, MAX_APP_NAME);
}

/** Browsers check a form's target also after a redirect; an Enterprise Server may have people sign in elsewhere. */
function headers({ kind, web }: RegistrationOptions["hosts"]) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [STYLE_SOURCE],
      imgSrc: ["'self'"],
      formAction: ["'self'", web, ...(kind === "server" ? ["https:"] : [])],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // The path is a secret. GitHub gets the origin, as from any page that sends a manifest.
    referrerPolicy: "strict-origin",
    xFrameOptions: "DENY",
    strictTransportSecurity: false,
  });
}
