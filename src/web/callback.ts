import type { Context } from "hono";
import { Hono } from "hono";
import type { Person } from "../core/identity/connection.ts";
import { CALLBACK_PATH } from "../core/identity/connection.ts";
import type { Granted } from "../ports/authorization.ts";
import type { FitToken } from "./connecting.ts";
import { storeConnection } from "./connecting.ts";
import type { Flow } from "./cookies.ts";
import type { PageParts } from "./options.ts";
import {
  busyPage,
  deniedPage,
  notStoredPage,
  refusedPage,
  staleSignInPage,
  unfitPage,
  unreachablePage,
} from "./pages/problems.ts";
import { oneQuery } from "./query.ts";
import { isSameSecret } from "./secrets.ts";
import { findTask } from "./task-routes.ts";

type Grant = Extract<Granted, { readonly type: "granted" }>;

/** GitHub's names for errors, e.g. `access_denied`. */
const ERROR_CODE = /^[a-z_]{1,60}$/u;
const CODE = /^[\w-]{1,512}$/u;

/**
 * Sign-ins that GitHub is asked about at once, over all browsers. Whoever has a browser can have it asked about codes
 * that they made up.
 */
const MAX_EXCHANGES = 20;

/** Where GitHub sends browsers back: the person is connected, or sees why not. */
export function callbackRoutes(parts: PageParts): Hono {
  const { authorization, cookies, log } = parts;
  const receive = createGrantReceiver(parts);
  let exchanges = 0;

  async function exchange(c: Context, code: string, flow: Flow): Promise<Response> {
    const granted = await authorization.exchange(code, flow.verifier);
    switch (granted.type) {
      case "granted":
        return receive(c, granted, flow.taskId);
      case "refused":
        return refuse(c, granted.code);
      case "unreachable":
        log.warn({ reason: granted.message }, "sign-in not exchanged");
        return c.html(unreachablePage(), 503);
      default:
        return granted satisfies never;
    }
  }

  function refuse(c: Context, code: string): Response | Promise<Response> {
    if (code === "access_denied") return c.html(deniedPage(), 400);
    log.warn({ code }, "sign-in refused");
    const isStale = code === "bad_verification_code";
    return c.html(isStale ? staleSignInPage() : refusedPage(code), 400);
  }

  return new Hono().get(CALLBACK_PATH, async (c) => {
    const flow = cookies.takeFlow(c);
    const state = oneQuery(c, "state");
    if (flow === null || state === null || !isSameSecret(state, flow.state)) {
      return c.html(staleSignInPage(), 400);
    }
    const error = oneQuery(c, "error") ?? "";
    if (ERROR_CODE.test(error)) return refuse(c, error);
    const code = oneQuery(c, "code") ?? "";
    const isError = c.req.query("error") !== undefined;
    if (isError || !CODE.test(code)) return c.html(staleSignInPage(), 400);
    if (exchanges >= MAX_EXCHANGES) return c.html(busyPage(), 503);
    exchanges += 1;
    return exchange(c, code, flow).finally(() => (exchanges -= 1));
  });
}

/** What becomes of a token that GitHub granted: it's stored, or ended at once. */
function createGrantReceiver(parts: PageParts) {
  const { authorization, cookies, waiting, random, log } = parts;
  const { kind } = authorization;

  /** A session of its own: nobody can have known it before the person signed in. */
  function signIn(c: Context, person: Person, continuedTask: string | null): void {
    cookies.writeSession(c, { person, formToken: random(), continuedTask });
  }

  async function accept(c: Context, fit: FitToken, taskId: string | null): Promise<Response> {
    const { person } = fit.examined;
    const task = await findTask(waiting, taskId);
    // Logins change hands. Whoever opened somebody else's link didn't ask to be connected.
    if (task !== null && task.requesterId !== person.id) {
      await authorization.revoke(fit.tokens.token, kind);
      signIn(c, person, null);
      return c.redirect(`/connect/task/${task.id}`, 303);
    }
    if (!(await storeConnection(parts, fit))) {
      await authorization.revoke(fit.tokens.token, kind);
      return c.html(notStoredPage(), 503);
    }
    signIn(c, person, task?.isWaiting === true ? task.id : null);
    // To an address without the code.
    return c.redirect(task === null ? "/connect" : `/connect/task/${task.id}`, 303);
  }

  return async (c: Context, grant: Grant, taskId: string | null): Promise<Response> => {
    const { tokens, expiresAt } = grant;
    const examined = await authorization.examine(tokens.token);
    if (examined.type === "good") return accept(c, { examined, kind, tokens, expiresAt }, taskId);
    await authorization.revoke(tokens.token, kind);
    if (examined.type === "unreachable") {
      log.warn({ reason: examined.message }, "token not examined");
      return c.html(unreachablePage(), 503);
    }
    log.info({ userId: examined.person?.id ?? null }, "account not fit");
    // They can still paste a token that is.
    if (examined.person !== null) signIn(c, examined.person, null);
    return c.html(unfitPage(examined), 403);
  };
}
