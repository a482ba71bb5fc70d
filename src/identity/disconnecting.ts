import type { ConnectionTokens, TokenKind } from "../core/identity/connection.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { ConnectionRow } from "../ports/connection-rows.ts";
import type { Connections, UserToken } from "../ports/connections.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { RefreshOptions } from "./refresh-loop.ts";
import { rowState } from "./row-state.ts";
import { openTokens } from "./sealed-tokens.ts";

interface Options extends Pick<RefreshOptions, "rows" | "cipher" | "log" | "now"> {
  readonly authorization: Pick<Authorization, "refresh" | "withdraw" | "stateOf">;
  readonly sessions: Pick<WebSessions, "endAllOf">;
  readonly host: string;
  readonly rowOf: (userId: number) => Promise<ConnectionRow | null>;
  readonly refreshed: (userId: number) => Promise<UserToken>;
}

/** The ends of connections: their person's wish, or GitHub's word. */
export function createDisconnecting({
  rows,
  cipher,
  authorization,
  sessions,
  host,
  log,
  now,
  rowOf,
  refreshed,
}: Options): Pick<Connections, "disconnect" | "revoked" | "refused"> {
  /** Only a token that hasn't expired can say whose authorization is to be deleted. */
  async function withdraw({ token, refreshToken }: ConnectionTokens, kind: TokenKind) {
    if ((await authorization.withdraw(token, kind)) || refreshToken === null) return;
    const granted = await authorization.refresh(refreshToken);
    if (granted.type === "granted") await authorization.withdraw(granted.tokens.token, kind);
  }

  async function isAlive(row: ConnectionRow): Promise<boolean> {
    const state = rowState(row, cipher, now());
    if (state.type === "due") return (await refreshed(row.userId)).type === "token";
    if (state.type !== "known" || state.userToken.type !== "token") return false;
    return (await authorization.stateOf(state.userToken.token, row.kind)) === "alive";
  }

  return {
    async disconnect(userId) {
      const row = await rows.remove(userId);
      await sessions.endAllOf(userId);
      if (row?.host !== host || row.sealed === null) return false;
      const tokens = openTokens(cipher, row, row.sealed);
      if (tokens !== null) await withdraw(tokens, row.kind);
      return true;
    },
    async revoked(userId) {
      // Signing in again is one click.
      await sessions.endAllOf(userId);
      // Whoever connects or refreshes meanwhile has changed the row, which is looked at again.
      for (let row = await rowOf(userId); row !== null; row = await rowOf(userId)) {
        // A pasted token says nothing about the App, without which its owner doesn't want the bot to go on.
        if (row.kind !== "personal" && (await isAlive(row))) return false;
        if ((await rows.remove(userId, row.version)) !== null) return true;
      }
      return false;
    },
    async refused(userId) {
      const row = await rowOf(userId);
      const state = rowState(row, cipher, now());
      if (row === null || state.type !== "known" || state.userToken.type !== "token") return;
      if ((await authorization.stateOf(state.userToken.token, row.kind)) !== "ended") return;
      if (await rows.end(row))
        log.warn({ userId }, "connection has ended: GitHub refuses its token");
    },
  };
}
