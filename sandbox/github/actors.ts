import { createPrivateKey, sign } from "node:crypto";
import { app, fineGrainedTokenOf, tokenOf } from "./seed.ts";

/** Who a token stands for: a login, the App itself, nobody, or a token that GitHub does not know. */
type Actor = Known | "app" | "anonymous" | "unknown";

interface Known {
  readonly login: string;
  /** What an installation's token was asked for; undefined for people. */
  readonly permissions?: Permissions;
}

type Permissions = Readonly<Record<string, string>>;

/** The tokens that GitHub knows; emulate itself takes any other token for an administrator's. */
export interface Actors {
  of(authorization: string | undefined): Actor;
  /** Remembers the installation's token that GitHub has just given out. */
  remember(token: string, login: string, permissions: Permissions): void;
  /** Forgets somebody's tokens. */
  forget(login: string): void;
}

/** Knows the people's tokens. */
export function createActors(logins: readonly string[]): Actors {
  const known = new Map<string, Known>();
  for (const login of logins) {
    known.set(tokenOf(login), { login }).set(fineGrainedTokenOf(login), { login });
  }
  return {
    remember: (token, login, permissions) => void known.set(token, { login, permissions }),
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

/** The App's JSON web token, as the bot makes it, for one minute. */
export function appToken(privateKey: string): string {
  const now = Math.trunc(Date.now() / 1000);
  const claims = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 30, exp: now + 60, iss: `${app.id}` })}`;
  const signature = sign("sha256", Buffer.from(claims), createPrivateKey(privateKey));
  return `${claims}.${signature.toString("base64url")}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
