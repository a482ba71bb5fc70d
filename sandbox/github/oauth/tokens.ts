import { randomBytes } from "node:crypto";
import type { Actors } from "../actors.ts";
import type { Clock } from "../clock.ts";
import { app } from "../seed.ts";
import type { Client } from "./clients.ts";

/** How long tokens last, in seconds; null where the App's owner has opted out of expiration. */
export interface Lifetimes {
  tokenLifetimeSeconds: number | null;
  refreshTokenLifetimeSeconds: number;
}

/** A token with which a client, or a script, acts for somebody. */
export interface IssuedToken {
  readonly id: number;
  readonly token: string;
  readonly login: string;
  /** Null for a personal access token. */
  readonly clientId: string | null;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** In milliseconds since the epoch; null when it doesn't expire. */
  readonly expiresAt: number | null;
  readonly refreshToken: string | null;
  readonly refreshExpiresAt: number | null;
  /** Whether it's good for Copilot. */
  readonly copilotRequests: boolean;
}

/** The tokens that people gave. */
export interface Tokens {
  readonly lifetimes: Lifetimes;
  issue(owner: Pick<IssuedToken, "login" | "scopes">, client: Client): IssuedToken;
  /** A fine-grained personal access token. */
  issuePersonal(login: string, copilotRequests: boolean): IssuedToken;
  /** Undefined when it's unknown, revoked, or expired. */
  find(token: string): IssuedToken | undefined;
  /** The token that a refresh token belongs to; undefined when the refresh token is unknown, used, or expired. */
  behind(refreshToken: string): IssuedToken | undefined;
  revoke(issued: IssuedToken): void;
  revokeAll(clientId: string, login: string): void;
}

/** Of one person, client, and scope; the oldest is revoked then. */
const MAX_TOKENS = 10;

/** Nobody has given any. */
export function createTokens(clock: Clock, actors: Actors): Tokens {
  const lifetimes: Lifetimes = {
    tokenLifetimeSeconds: 28_800,
    refreshTokenLifetimeSeconds: 15_897_600,
  };
  const tokens = new Map<string, IssuedToken>();
  let lastId = 0;

  const isPast = (time: number | null) => time !== null && time <= clock.now();

  function add(made: Omit<IssuedToken, "id" | "createdAt">): IssuedToken {
    const issued = { ...made, id: (lastId += 1), createdAt: clock.now() };
    const { token, login, clientId, expiresAt } = issued;
    tokens.set(token, issued);
    const via = clientId === app.client_id ? { via: app } : {};
    actors.add(token, { login, ...via, isAlive: () => !isPast(expiresAt) });
    return issued;
  }

  function revoke({ token }: IssuedToken): void {
    tokens.delete(token);
    actors.remove(token);
  }

  const of = (clientId: string, login: string) =>
    [...tokens.values()].filter((it) => it.clientId === clientId && it.login === login);

  return {
    lifetimes,
    issue({ login, scopes }, { kind, clientId }) {
      const scope = scopes.join(" ");
      const others = of(clientId, login).filter((it) => it.scopes.join(" ") === scope);
      others.slice(0, Math.max(0, others.length + 1 - MAX_TOKENS)).forEach(revoke);
      const { tokenLifetimeSeconds: seconds, refreshTokenLifetimeSeconds } = lifetimes;
      const own = { login, clientId, scopes, copilotRequests: true };
      const token = `${kind === "app" ? "ghu" : "gho"}_${randomText(36)}`;
      if (kind === "oauth_app" || seconds === null) return add({ ...own, token, ...UNENDING });
      return add({
        ...own,
        token,
        expiresAt: clock.now() + seconds * 1000,
        refreshToken: `ghr_${randomText(76)}`,
        refreshExpiresAt: clock.now() + refreshTokenLifetimeSeconds * 1000,
      });
    },
    issuePersonal(login, copilotRequests) {
      const token = `github_pat_${randomText(22)}_${randomText(59)}`;
      return add({ token, login, clientId: null, scopes: [], copilotRequests, ...UNENDING });
    },
    find(token) {
      const issued = tokens.get(token);
      return issued === undefined || isPast(issued.expiresAt) ? undefined : issued;
    },
    behind(refreshToken) {
      const found = tokens.values().find((it) => it.refreshToken === refreshToken);
      return found === undefined || isPast(found.refreshExpiresAt) ? undefined : found;
    },
    revoke,
    revokeAll: (clientId, login) => of(clientId, login).forEach(revoke),
  };
}

const UNENDING = { expiresAt: null, refreshToken: null, refreshExpiresAt: null };

/** Hexadecimal digits. */
export function randomText(length: number): string {
  return randomBytes(length).toString("hex").slice(0, length);
}
