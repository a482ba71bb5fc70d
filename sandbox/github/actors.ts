import { randomBytes } from "node:crypto";
import { botLogin, tokenOf, userAccessTokenOf } from "./seed.ts";
import type { ActingApp } from "./state/records.ts";

/** Who a token stands for: a login, the App itself, nobody, or a token that GitHub does not know. */
export type Actor = Known | "app" | "anonymous" | "unknown";

interface Known {
  readonly login: string;
  /** The App that acts for the person. */
  readonly via?: ActingApp;
}

/** The tokens that GitHub knows. */
export interface Actors {
  of(authorization: string | undefined): Actor;
  /** Makes a token of the installation's. */
  install(): string;
  /** Remembers that a person has authorized an App; the token with which it acts for them. */
  authorize(login: string, via: ActingApp): string;
  /** Forgets somebody's tokens. */
  forget(login: string): void;
}

/** Knows the people's tokens. */
export function createActors(logins: readonly string[]): Actors {
  const known = new Map<string, Known>(logins.map((login) => [tokenOf(login), { login }]));
  return {
    install() {
      const token = `ghs_${randomBytes(18).toString("hex")}`;
      known.set(token, { login: botLogin });
      return token;
    },
    authorize(login, via) {
      const token = userAccessTokenOf(login, via.slug);
      known.set(token, { login, via });
      return token;
    },
    forget(login) {
      for (const [token, of] of known) if (of.login === login) known.delete(token);
    },
    of(authorization) {
      const token = authorization?.replace(/^(?:bearer|token)\s+/i, "");
      if (token === undefined) return "anonymous";
      if (token.startsWith("eyJ")) return "app";
      return known.get(token) ?? "unknown";
    },
  };
}
