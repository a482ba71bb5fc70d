import type { ConnectionTokens } from "../core/identity/connection.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { ConnectionRow, ConnectionRows, RefreshClaim } from "../ports/connection-rows.ts";
import type { UserToken } from "../ports/connections.ts";
import type { Log } from "../ports/log.ts";
import type { Cipher } from "./cipher.ts";
import type { RowState } from "./row-state.ts";
import { usableUntil } from "./row-state.ts";
import { sealTokens } from "./sealed-tokens.ts";

/** With what tokens are refreshed. */
export interface RefreshOptions {
  readonly rows: ConnectionRows;
  readonly cipher: Cipher;
  readonly authorization: Pick<Authorization, "refresh" | "revoke" | "withdraw">;
  readonly log: Pick<Log, "warn" | "error">;
  readonly now: () => Date;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** What can be said of a row, whether or not it can be decrypted. */
export type OpenState = Exclude<RowState, { readonly type: "locked" }>;

/** In milliseconds: a refresh is one request to GitHub and one write. After this, whoever claimed it has been killed. */
const LEASE_MS = 20_000;
/** In milliseconds: longer than the lease, so that whoever waits for a process that was killed takes over. */
const WAIT_MS = 30_000;
const POLL_MS = 200;

/**
 * Refreshes the tokens of a person: once over all processes with this database, of which the others wait for the result.
 * In this process, all who ask meanwhile share one loop.
 *
 * @param read what the person's row is good for now
 */
export function createRefreshLoop(
  options: RefreshOptions,
  read: (userId: number) => Promise<OpenState>,
): (userId: number) => Promise<UserToken> {
  const running = new Map<number, Promise<UserToken>>();

  async function loop(userId: number): Promise<UserToken> {
    const { rows, now, pause } = options;
    const until = now().getTime() + WAIT_MS;
    do {
      const state = await read(userId);
      if (state.type === "known") return state.userToken;
      const at = now();
      const abandonedBefore = new Date(at.getTime() - LEASE_MS).toISOString();
      const claim = await rows.claimRefresh(state.row, at.toISOString(), abandonedBefore);
      const refreshed = claim === null ? null : await refresh(options, state, claim);
      if (refreshed !== null) return refreshed;
      await pause(POLL_MS);
    } while (now().getTime() < until);
    return { type: "unreachable", message: "The token is still being refreshed." };
  }

  return (userId) => {
    const shared = running.get(userId);
    if (shared !== undefined) return shared;
    const own = loop(userId).finally(() => running.delete(userId));
    running.set(userId, own);
    return own;
  };
}

/**
 * Refreshes the tokens of a person for a task that begins, before they have to be: null where another session of theirs
 * uses them, which their refresh would end, or where somebody else is at it.
 */
export async function refreshEarly(
  options: RefreshOptions,
  state: Extract<OpenState, { readonly type: "due" }>,
  taskId: string,
): Promise<UserToken | null> {
  const { rows, now } = options;
  const at = now().toISOString();
  const claim = await rows.claimRefresh(state.row, at, "", taskId);
  const refreshed = claim === null ? null : await refresh(options, state, claim);
  // The tokens are still good if GitHub can't be reached.
  return refreshed?.type === "unreachable" ? null : refreshed;
}

/** Null when the claim was lost: the row says what holds now. */
async function refresh(
  options: RefreshOptions,
  { row, tokens }: Extract<OpenState, { readonly type: "due" }>,
  claim: RefreshClaim,
): Promise<UserToken | null> {
  const { rows, authorization, log } = options;
  const { userId, login } = row;
  const granted = await authorization.refresh(tokens.refreshToken).catch(async (error: unknown) => {
    await rows.releaseRefresh(claim);
    throw error;
  });
  if (granted.type === "granted") {
    if (await keep(options, { row, claim, granted })) {
      const { expiresAt } = granted;
      const usable = usableUntil(expiresAt, options.now());
      return { type: "token", token: granted.tokens.token, login, usableUntil: usable };
    }
    const left = await rows.find(userId);
    const { token } = granted.tokens;
    // Disconnected meanwhile: these tokens are the last that are left of it.
    if (left === null) await authorization.withdraw(token, row.kind);
    // Ended meanwhile, by another process: nobody has these tokens but this one, which doesn't keep them.
    else if (left.sealed === null) await authorization.revoke(token, row.kind);
    return null;
  }
  if (granted.type === "refused" && ENDED.has(granted.code)) {
    if (!(await rows.end(claim))) return null;
    log.warn({ userId }, "connection has ended: GitHub doesn't accept its refresh token");
    return { type: "ended", login };
  }
  await rows.releaseRefresh(claim);
  const { message } = granted;
  if (granted.type === "unreachable") return { type: "unreachable", message };
  log.error({ userId, code: granted.code }, "GitHub refuses to refresh a connection");
  return { type: "unreachable", message: `${granted.code}: ${message}` };
}

/** That the refresh token is used up, revoked, or too old. Others, such as a wrong secret of the client, say nothing about it. */
const ENDED = new Set(["bad_refresh_token"]);

interface Kept {
  readonly row: ConnectionRow;
  readonly claim: RefreshClaim;
  readonly granted: { readonly tokens: ConnectionTokens; readonly expiresAt: string | null };
}

/** False when the claim was lost. The old tokens are dead: as long as the claim holds, a database that's busy is asked again. */
async function keep(
  { rows, cipher, now, pause }: RefreshOptions,
  { row, claim, granted }: Kept,
): Promise<boolean> {
  const sealed = sealTokens(cipher, row, granted.tokens);
  const until = now().getTime() + LEASE_MS;
  for (;;) {
    try {
      return await rows.finishRefresh(claim, sealed, granted.expiresAt);
    } catch (error) {
      if (now().getTime() >= until) throw error;
      await pause(POLL_MS);
    }
  }
}
