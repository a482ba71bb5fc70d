import { randomBytes } from "node:crypto";
import { botLogin, tokenOf, userAccessTokenOf } from "./seed.ts";
import type { ActingApp } from "./state/records.ts";

/** Who a token stands for: a login, the App itself, nobody, or a token that GitHub does not know. */
export type Actor = Known | "app" | "anonymous" | "unknown";

interface Known {
  readonly login: string;
  /** The App that acts for the person. */
  readonly via?: ActingApp;
  /** What an installation's token was limited to when it was made. */
  readonly limits?: TokenLimits;
  /** False once the token has expired. */
  readonly isAlive?: () => boolean;
}

/** What a token of the installation's has less than the installation; undefined where it has all. */
export interface TokenLimits {
  /** Ids of repositories. */
  readonly repositories: ReadonlySet<number> | undefined;
  readonly permissions: Readonly<Record<string, string>> | undefined;
}

/** The tokens that GitHub knows. */
export interface Actors {
  of(authorization: string | undefined): Actor;
  /** Makes a token of the installation's. */
  install(limits: TokenLimits, isAlive: () => boolean): string;
  /** Remembers that a person has authorized an App; the token with which it acts for them. */
  authorize(login: string, via: ActingApp): string;
  /** Takes a token that was made elsewhere. */
  add(token: string, known: Known): void;
  remove(token: string): void;
  /** Forgets somebody's tokens. */
  forget(login: string): void;
}

/** Knows the people's tokens. */
export function createActors(logins: readonly string[]): Actors {
  const known = new Map<string, Known>(logins.map((login) => [tokenOf(login), { login }]));
  return {
    install(limits, isAlive) {
      const token = `ghs_${randomBytes(18).toString("hex")}`;
      known.set(token, { login: botLogin, limits, isAlive });
      return token;
    },
    authorize(login, via) {
      const token = userAccessTokenOf(login, via.slug);
      known.set(token, { login, via });
      return token;
    },
    add: (token, it) => void known.set(token, it),
    remove: (token) => void known.delete(token),
    forget(login) {
      for (const [token, of] of known) if (of.login === login) known.delete(token);
    },
    of(authorization) {
      const token = authorization?.replace(/^(?:bearer|token)\s+/i, "");
      // A client's id and secret say nothing about a person.
      if (token === undefined || /^basic /i.test(token)) return "anonymous";
      if (token.startsWith("eyJ")) return "app";
      const found = known.get(token);
      return found === undefined || found.isAlive?.() === false ? "unknown" : found;
    },
  };
}
