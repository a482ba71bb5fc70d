import { createPrivateKey, sign } from "node:crypto";
import { app, fineGrainedTokenOf, tokenOf } from "./seed.ts";

/** Who a token stands for: a login, the App itself, nobody, or a token that GitHub does not know. */
type Actor = { readonly login: string } | "app" | "anonymous" | "unknown";

/** The tokens that GitHub knows; emulate itself takes any other token for an administrator's. */
export interface Actors {
  of(authorization: string | undefined): Actor;
  /** Remembers the installation's token that GitHub has just given out. */
  remember(token: string, login: string): void;
}

/** Knows the people's tokens. */
export function createActors(logins: readonly string[]): Actors {
  const known = new Map<string, string>();
  for (const login of logins) {
    known.set(tokenOf(login), login).set(fineGrainedTokenOf(login), login);
  }
  return {
    remember: (token, login) => void known.set(token, login),
    of(authorization) {
      const token = authorization?.replace(/^(?:bearer|token)\s+/i, "");
      if (token === undefined) return "anonymous";
      if (token.startsWith("eyJ")) return "app";
      const login = known.get(token);
      return login === undefined ? "unknown" : { login };
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
