import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";

/** Encrypts what a browser keeps. What was sealed in one context can't be opened in another. */
export interface CookieKeys {
  seal(plain: string, context: string): string;
  /** Null when it wasn't sealed with these keys, or in another context. */
  open(sealed: string, context: string): string | null;
}

const SESSION_MS = 3_600_000;
const FLOW_MS = 600_000;

const person = z.object({ id: z.number(), login: z.string() });

const session = z.object({
  /** Who signed in with GitHub; null for a visitor. */
  person: person.nullable(),
  /** Every form sent by this browser must contain it. */
  formToken: z.string(),
  /** The task that was waiting when this person connected. */
  continuedTask: z.string().nullable(),
  until: z.number(),
});

/** A browser that has opened the pages. */
export type Session = Omit<z.output<typeof session>, "until">;

const flow = z.object({
  /** GitHub sends it back. */
  state: z.string(),
  /** Of PKCE. */
  verifier: z.string(),
  /** The task that waits for this person. */
  taskId: z.string().nullable(),
  until: z.number(),
});

/** A browser that was sent to GitHub. */
export type Flow = Omit<z.output<typeof flow>, "until">;

/** What the pages' browsers keep. */
export interface Cookies {
  readSession(c: Context): Session | null;
  /** Replaces any session that the browser had before. */
  writeSession(c: Context, session: Session): void;
  deleteSession(c: Context): void;
  writeFlow(c: Context, flow: Flow): void;
  /** Gives the flow, and deletes it: GitHub sends a browser back once. */
  takeFlow(c: Context): Flow | null;
}

/** `__Host-`: no other host of the domain can set such a cookie. */
const ATTRIBUTES = { prefix: "host", httpOnly: true, sameSite: "Lax" } as const;

/** Cookies that only the bot can read and write. */
export function createCookies(keys: CookieKeys, now: () => Date): Cookies {
  function read<T extends { readonly until: number }>(
    c: Context,
    name: string,
    schema: z.ZodType<T>,
  ): T | null {
    const sealed = getCookie(c, name, ATTRIBUTES.prefix);
    const plain = sealed === undefined ? null : keys.open(sealed, contextOf(name));
    if (plain === null) return null;
    // Another version of the bot may have written it.
    const { data } = schema.safeParse(JSON.parse(plain));
    return data !== undefined && data.until > now().getTime() ? data : null;
  }

  function write(c: Context, name: string, value: object, lifetimeMs: number): void {
    const until = now().getTime() + lifetimeMs;
    const sealed = keys.seal(JSON.stringify({ ...value, until }), contextOf(name));
    setCookie(c, name, sealed, { ...ATTRIBUTES, maxAge: lifetimeMs / 1_000 });
  }

  return {
    readSession: (c) => read(c, "session", session),
    writeSession: (c, value) => write(c, "session", value, SESSION_MS),
    deleteSession: (c) => void deleteCookie(c, "session", ATTRIBUTES),
    writeFlow: (c, value) => write(c, "connect", value, FLOW_MS),
    takeFlow(c) {
      const value = read(c, "connect", flow);
      deleteCookie(c, "connect", ATTRIBUTES);
      return value;
    },
  };
}

function contextOf(name: string): string {
  return `cookie ${name}`;
}
