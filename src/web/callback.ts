import type { Context } from "hono";
import { Hono } from "hono";
import { CALLBACK_PATH } from "../core/identity/connection.ts";
import type { Flow } from "./cookies.ts";
import { createConnectionReceiver } from "./connection-receiver.ts";
import type { PageParts } from "./options.ts";
import {
  busyPage,
  deniedPage,
  refusedPage,
  staleSignInPage,
  unreachablePage,
} from "./pages/problems.ts";
import { oneQuery } from "./query.ts";
import { createSignInReceiver } from "./sign-in-receiver.ts";

/** GitHub's names for errors, e.g. `access_denied`. */
const ERROR_CODE = /^[a-z_]{1,60}$/u;
const CODE = /^[\w-]{1,512}$/u;

/**
 * Sign-ins that GitHub is asked about at once, over all browsers. Whoever has a browser can have it asked about codes
 * that they made up.
 */
const MAX_EXCHANGES = 20;

/** Where GitHub sends browsers back: the person is signed in, or connected, or sees why not. */
export function callbackRoutes(parts: PageParts): Hono {
  const { authorization, signIn, cookies, log } = parts;
  const clients = { connect: authorization, sign_in: signIn };
  const receivers = {
    connect: createConnectionReceiver(parts),
    sign_in: createSignInReceiver(parts),
  };
  let exchanges = 0;

  async function exchange(c: Context, code: string, flow: Flow): Promise<Response> {
    const granted = await clients[flow.purpose].exchange(code, flow.verifier);
    switch (granted.type) {
      case "granted":
        return receivers[flow.purpose](c, granted, flow);
      case "refused":
        return refuse(c, granted.code, flow);
      case "unreachable":
        log.warn({ reason: granted.message }, "sign-in not exchanged");
        return c.html(unreachablePage(), 503);
      default:
        return granted satisfies never;
    }
  }

  function refuse(c: Context, code: string, { purpose }: Flow): Response | Promise<Response> {
    if (code === "access_denied") return c.html(deniedPage(purpose), 400);
    log.warn({ code }, "sign-in refused");
    const isStale = code === "bad_verification_code";
    return c.html(isStale ? staleSignInPage() : refusedPage(code), 400);
  }

  return new Hono().get(CALLBACK_PATH, async (c) => {
    const state = oneQuery(c, "state");
    const flow = state === null ? null : cookies.takeFlow(c, state);
    if (flow === null) return c.html(staleSignInPage(), 400);
    const error = oneQuery(c, "error") ?? "";
    if (ERROR_CODE.test(error)) return refuse(c, error, flow);
    const code = oneQuery(c, "code") ?? "";
    const isError = c.req.query("error") !== undefined;
    if (isError || !CODE.test(code)) return c.html(staleSignInPage(), 400);
    if (exchanges >= MAX_EXCHANGES) return c.html(busyPage(), 503);
    exchanges += 1;
    return exchange(c, code, flow).finally(() => (exchanges -= 1));
  });
}
