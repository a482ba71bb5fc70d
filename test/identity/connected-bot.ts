import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import { createCipher } from "../../src/identity/cipher.ts";
import { createConnections } from "../../src/identity/connections.ts";
import { createWebSessions } from "../../src/identity/web-sessions.ts";
import type { UserToken } from "../../src/ports/connections.ts";
import { openStore } from "../store/opened.ts";
import { FakeAuthorization } from "./fake-authorization.ts";
import { newKey } from "./keys.ts";

export const OCTOCAT = { id: 583_231, login: "octocat" };
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const NOT_CONNECTED: UserToken = { type: "not_connected" };
export const ENDED: UserToken = { type: "ended", login: "octocat" };
export const NO_RIGHTS = { plan: null, cloudSessions: null, remoteControl: null };

const START = Date.parse("2026-11-30T12:00:00.000Z");

const random = () => randomBytes(32).toString("base64url");

/** A database, a GitHub, and a clock that goes on while somebody waits. */
export async function connectedBot(isClockReal = false) {
  const store = await openStore();
  let passed = 0;
  const now = () => (isClockReal ? new Date() : new Date(START + passed));
  const github = new FakeAuthorization(now);
  const cipher = createCipher([newKey()]);
  const log = {
    warn: vi.fn<(...args: unknown[]) => void>(),
    error: vi.fn<(...args: unknown[]) => void>(),
  };
  const paused: number[] = [];
  const pause = (ms: number) => {
    paused.push(ms);
    if (isClockReal) return sleep(ms);
    passed += ms;
    return Promise.resolve();
  };
  const shared = { cipher, authorization: github, host: "github.com", now };
  const sessions = createWebSessions({ ...shared, rows: store.webSessionRows, random });
  const options = { ...shared, sessions, log, pause };
  const replica = (changed: Partial<Parameters<typeof createConnections>[0]> = {}) =>
    createConnections({ rows: store.connectionRows, ...options, ...changed });
  const at = (ms: number) => new Date(now().getTime() + ms).toISOString();
  const connections = replica();
  const tokens = github.issue();
  /** Octocat connects, with tokens that end after so long. */
  const connect = async (leftMs = 8 * HOUR_MS) => {
    const rights = { plan: "business", cloudSessions: true, remoteControl: true };
    const connection = { person: OCTOCAT, kind: "app", rights, connectedAt: at(0) } as const;
    await connections.connect({ ...connection, expiresAt: at(leftMs) }, tokens);
    return { ...connection, expiresAt: at(leftMs) };
  };
  const advance = (ms: number) => {
    passed += ms;
  };
  const row = () => store.connectionRows.find(OCTOCAT.id);
  return {
    store,
    github,
    sessions,
    connections,
    replica,
    tokens,
    connect,
    advance,
    at,
    row,
    log,
    paused,
  };
}
