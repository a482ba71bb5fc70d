import { createHmac } from "node:crypto";
import type { Context } from "hono";
import type { SignedInPerson, WebSession, WebSessions } from "../ports/web-sessions.ts";
import type { Cookies } from "./cookies.ts";

/** A browser that has opened the pages. */
export interface Visit {
  /** Every form sent by this browser must contain it. */
  readonly formToken: string;
  /** Null for a visitor who hasn't signed in, or not lately. */
  readonly session: WebSession | null;
}

/** The visits of browsers. A visitor's is known to the browser alone: strangers write nothing into the database. */
export interface Visits {
  /** Null for a browser that has never been here. @param options.isUse false leaves the session as idle as it was */
  read(c: Context, options?: { readonly isUse: boolean }): Promise<Visit | null>;
  /** Whether the session with which a request came has ended since. */
  isOver(c: Context): Promise<boolean>;
  /** Begins one, instead of any that the browser had before. */
  begin(c: Context): Visit;
  /** Begins one that nobody can have known before the person signed in. */
  signIn(c: Context, signedIn: SignedInPerson): Promise<void>;
  signOut(c: Context): Promise<void>;
}

interface Options {
  readonly cookies: Cookies;
  readonly sessions: Pick<WebSessions, "find" | "begin" | "end">;
  /** A new secret of 256 bits, as base64url. */
  readonly random: () => string;
}

/** Knows browsers by the secret in their cookie. */
export function createVisits({ cookies, sessions, random }: Options): Visits {
  const readOf = new WeakMap<Context, Promise<Visit | null>>();

  async function find(c: Context, options?: { readonly isUse: boolean }): Promise<Visit | null> {
    const secret = cookies.readSecret(c);
    if (secret === null) return null;
    return { formToken: formTokenOf(secret), session: await sessions.find(secret, options) };
  }

  return {
    read(c, options) {
      const visit = readOf.get(c) ?? find(c, options);
      readOf.set(c, visit);
      return visit;
    },
    async isOver(c) {
      const session = (await find(c, { isUse: false }))?.session ?? null;
      return session === null || session.viewerToken === null;
    },
    begin(c) {
      const secret = random();
      cookies.writeSecret(c, secret);
      return { formToken: formTokenOf(secret), session: null };
    },
    async signIn(c, signedIn) {
      const secret = await sessions.begin(signedIn, cookies.readSecret(c));
      cookies.writeSecret(c, secret);
    },
    async signOut(c) {
      const secret = cookies.readSecret(c);
      if (secret !== null) await sessions.end(secret);
      cookies.deleteSecret(c);
    },
  };
}

/** It says nothing of the secret, whose digest is in the database. */
function formTokenOf(secret: string): string {
  return createHmac("sha256", secret).update("form").digest("base64url");
}
