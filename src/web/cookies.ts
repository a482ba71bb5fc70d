import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { isSameSecret } from "./secrets.ts";

/** Encrypts what a browser keeps. What was sealed in one context can't be opened in another. */
export interface CookieKeys {
  seal(plain: string, context: string): string;
  /** Null when it wasn't sealed with these keys, or in another context. */
  open(sealed: string, context: string): string | null;
}

/** As long as a session can last. */
const SECRET_MS = 8 * 3_600_000;
const FLOW_MS = 600_000;

/** Of one browser: whoever opens many pages at once signs in once for each. */
const MAX_FLOWS = 5;

const flow = z.object({
  /** What the person wants: to see the pages, or to connect their Copilot. */
  purpose: z.enum(["sign_in", "connect"]),
  /** GitHub sends it back. */
  state: z.string(),
  /** Of PKCE. */
  verifier: z.string(),
  /** The task that waits for this person. */
  taskId: z.string().nullable(),
  /** The page that was asked for, on the bot itself. */
  returnTo: z.string(),
  until: z.number(),
});

/** A browser that was sent to GitHub. */
export type Flow = Omit<z.output<typeof flow>, "until">;

/** What the pages' browsers keep. */
export interface Cookies {
  /** What the browser is known by; null when it has none. */
  readSecret(c: Context): string | null;
  writeSecret(c: Context, secret: string): void;
  deleteSecret(c: Context): void;
  writeFlow(c: Context, flow: Flow): void;
  /** Gives the flow with this state, and deletes it: GitHub sends a browser back once. */
  takeFlow(c: Context, state: string): Flow | null;
}

/** `__Host-`: no other host of the domain can set such a cookie. */
const ATTRIBUTES = { prefix: "host", httpOnly: true, sameSite: "Lax" } as const;

const FLOW_NAME = /^__Host-(?<name>sign-in-[\w-]{8})$/u;

/** Cookies that only the bot can read and write. */
export function createCookies(keys: CookieKeys, now: () => Date): Cookies {
  function readFlow(c: Context, name: string): Flow | null {
    const sealed = getCookie(c, name, ATTRIBUTES.prefix);
    const plain = sealed === undefined ? null : keys.open(sealed, contextOf(name));
    if (plain === null) return null;
    // Another version of the bot may have written it.
    const { data } = flow.safeParse(JSON.parse(plain));
    return data !== undefined && data.until > now().getTime() ? data : null;
  }

  return {
    readSecret(c) {
      const secret = getCookie(c, "session", ATTRIBUTES.prefix) ?? "";
      return /^[\w-]{43}$/u.test(secret) ? secret : null;
    },
    writeSecret(c, secret) {
      setCookie(c, "session", secret, { ...ATTRIBUTES, maxAge: SECRET_MS / 1_000 });
    },
    deleteSecret: (c) => void deleteCookie(c, "session", ATTRIBUTES),
    writeFlow(c, value) {
      const others = flowsOf(c);
      if (others.length >= MAX_FLOWS) others.forEach((name) => deleteCookie(c, name, ATTRIBUTES));
      const name = nameOf(value.state);
      const until = now().getTime() + FLOW_MS;
      const sealed = keys.seal(JSON.stringify({ ...value, until }), contextOf(name));
      setCookie(c, name, sealed, { ...ATTRIBUTES, maxAge: FLOW_MS / 1_000 });
    },
    takeFlow(c, state) {
      const name = nameOf(state);
      if (!flowsOf(c).includes(name)) return null;
      const value = readFlow(c, name);
      deleteCookie(c, name, ATTRIBUTES);
      return value !== null && isSameSecret(value.state, state) ? value : null;
    },
  };
}

/** Each page that's opened has a cookie of its own for its way to GitHub and back. */
function nameOf(state: string): string {
  return `sign-in-${state.slice(0, 8)}`;
}

function flowsOf(c: Context): string[] {
  return Object.keys(getCookie(c)).flatMap((name) => FLOW_NAME.exec(name)?.groups?.["name"] ?? []);
}

function contextOf(name: string): string {
  return `cookie ${name}`;
}
