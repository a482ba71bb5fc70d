import type { ConnectionRow, ConnectionRows } from "../ports/connection-rows.ts";
import type { WebSessionRow, WebSessionRows } from "../ports/web-session-rows.ts";
import type { Cipher } from "./cipher.ts";
import { openTokens, sealTokens } from "./sealed-tokens.ts";
import { viewerTokenIn } from "./session-ends.ts";

/** What a rotation came to, in connections or sign-ins. */
export interface Rotated {
  /** Encrypted with the first key now, and not before. */
  readonly resealed: number;
  /** Were so already. */
  readonly current: number;
  /** The people whose tokens none of the keys decrypts: their rows are as they were. */
  readonly locked: readonly number[];
}

/** Encrypts all connections with the first key. It changes no token, and can run beside the bot, and again. */
export async function rotateKeys(
  rows: Pick<ConnectionRows, "after" | "find" | "reseal">,
  cipher: Cipher,
): Promise<Rotated> {
  const total = { resealed: 0, current: 0 };
  const locked: number[] = [];
  let last = 0;
  for (let some = await rows.after(last); some.length > 0; some = await rows.after(last)) {
    for (const row of some) {
      const outcome = await rotate(rows, cipher, row);
      if (outcome === "locked") locked.push(row.userId);
      else if (outcome !== "gone") total[outcome] += 1;
      last = row.userId;
    }
  }
  return { ...total, locked };
}

/** Encrypts the tokens of all sign-ins with the first key, as `rotateKeys` does those of connections. */
export async function rotateSessionKeys(
  rows: Pick<WebSessionRows, "after" | "find" | "replaceToken">,
  cipher: Cipher,
): Promise<Rotated> {
  const total = { resealed: 0, current: 0 };
  const locked: number[] = [];
  let last = "";
  for (let some = await rows.after(last); some.length > 0; some = await rows.after(last)) {
    for (const row of some) {
      const outcome = await rotateSession(rows, cipher, row);
      if (outcome === "locked") locked.push(row.userId);
      else if (outcome !== "gone") total[outcome] += 1;
      last = row.digest;
    }
  }
  return { ...total, locked };
}

type RotationOutcome = "resealed" | "current" | "locked" | "gone";

async function rotateSession(
  rows: Pick<WebSessionRows, "find" | "replaceToken">,
  cipher: Cipher,
  read: WebSessionRow,
): Promise<RotationOutcome> {
  // Another rotation at the same moment has encrypted it anew; else it's gone.
  for (let row: WebSessionRow | null = read; row !== null; row = await rows.find(read.digest)) {
    const { digest, sealedToken, host, userId } = row;
    if (sealedToken === null) break;
    const token = viewerTokenIn(cipher, row);
    if (token === null) return "locked";
    if (cipher.isCurrent(sealedToken)) return "current";
    const resealed = cipher.seal(token, { host, userId, field: "viewerToken" });
    if (await rows.replaceToken(digest, sealedToken, resealed)) return "resealed";
  }
  return "gone";
}

async function rotate(
  rows: Pick<ConnectionRows, "find" | "reseal">,
  cipher: Cipher,
  read: ConnectionRow,
): Promise<RotationOutcome> {
  // A refresh or a new connection at the same moment has other tokens: then it's their turn.
  for (let row: ConnectionRow | null = read; row !== null; row = await rows.find(read.userId)) {
    const { sealed } = row;
    if (sealed === null) break;
    const tokens = openTokens(cipher, row, sealed);
    if (tokens === null) return "locked";
    const all = [sealed.token, sealed.refreshToken ?? sealed.token];
    if (all.every((one) => cipher.isCurrent(one))) return "current";
    if (await rows.reseal(row.userId, sealed, sealTokens(cipher, row, tokens))) return "resealed";
  }
  return "gone";
}
