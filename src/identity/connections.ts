import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionTokens } from "../core/identity/connection.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { ConnectionRow } from "../ports/connection-rows.ts";
import type { Connections } from "../ports/connections.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import { createDisconnecting } from "./disconnecting.ts";
import type { OpenState, RefreshOptions } from "./refresh-loop.ts";
import { createRefreshLoop, refreshEarly } from "./refresh-loop.ts";
import { rowState } from "./row-state.ts";
import { sealTokens } from "./sealed-tokens.ts";

/** With what connections are kept. */
export interface ConnectionsOptions extends Omit<RefreshOptions, "pause"> {
  readonly authorization: Pick<Authorization, "refresh" | "revoke" | "withdraw" | "stateOf">;
  /** The sign-ins of whoever disconnects end too. */
  readonly sessions: Pick<WebSessions, "endAllOf">;
  /** Of the GitHub whose users connect. Users of another one, whom the database may have, have other ids. */
  readonly host: string;
  readonly pause?: RefreshOptions["pause"];
}

/** For how long a session that begins is to have its token, in milliseconds: one that can't be reached again is lost with it. */
const SESSION_MS = 90 * 60_000;

/** The connections of a database, whose tokens are encrypted there. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { rows, cipher, host, log, now, pause = sleep } = options;

  async function rowOf(userId: number): Promise<ConnectionRow | null> {
    const row = await rows.find(userId);
    return row?.host === host ? row : null;
  }

  async function read(userId: number, marginMs?: number): Promise<OpenState> {
    const state = rowState(await rowOf(userId), cipher, now(), marginMs);
    if (state.type !== "locked") return state;
    log.error({ userId }, "connection can't be decrypted with any of ENCRYPTION_KEYS");
    return { type: "known", userToken: { type: "ended", login: state.login } };
  }

  const refreshing = { ...options, pause };
  const refreshed = createRefreshLoop(refreshing, read);

  return {
    async find(userId) {
      const row = await rowOf(userId);
      if (row === null) return null;
      const state = rowState(row, cipher, now());
      const isLive =
        state.type === "due" || (state.type === "known" && state.userToken.type === "token");
      if (!isLive) return null;
      const { login, kind, rights, connectedAt, expiresAt } = row;
      return { person: { id: userId, login }, kind, rights, connectedAt, expiresAt };
    },
    // Earlier tokens aren't revoked: sessions that run with them go on.
    async connect({ person: { id: userId, login }, ...rest }, tokens: ConnectionTokens) {
      await rows.put({
        ...rest,
        userId,
        login,
        host,
        sealed: sealTokens(cipher, { host, userId }, tokens),
      });
    },
    ...createDisconnecting({ ...options, rowOf, refreshed }),
    async isCurrent({ userId, token }) {
      const state = rowState(await rowOf(userId), cipher, now());
      if (state.type === "due") return state.tokens.token === token;
      if (state.type === "locked") return false;
      return state.userToken.type === "token" && state.userToken.token === token;
    },
    async tokenOf(userId, taskId) {
      if (taskId !== undefined) {
        const early = await read(userId, SESSION_MS);
        const renewed = early.type === "due" ? await refreshEarly(refreshing, early, taskId) : null;
        if (renewed !== null) return renewed;
      }
      const state = await read(userId);
      return state.type === "known" ? state.userToken : refreshed(userId);
    },
  };
}
