import { createHash } from "node:crypto";
import type { Authorization } from "../ports/authorization.ts";
import type { SessionAge, WebSessionRow, WebSessionRows } from "../ports/web-session-rows.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { Cipher } from "./cipher.ts";

/** With what sign-ins are kept. */
export interface WebSessionsOptions {
  readonly rows: WebSessionRows;
  readonly cipher: Cipher;
  readonly authorization: Pick<Authorization, "revoke">;
  /** Of the GitHub whose users sign in. */
  readonly host: string;
  readonly now: () => Date;
  /** A new secret of 256 bits, as base64url. */
  readonly random: () => string;
}

/** The token of a session, with the time when it ends; null when it doesn't. */
export interface SealedViewerToken {
  readonly sealedToken: string;
  readonly expiresAt: string | null;
}

interface SessionEnds extends Pick<WebSessions, "end" | "endAllOf" | "prune"> {
  /** Ends the tokens of sessions that are gone. */
  readonly endTokens: (gone: readonly WebSessionRow[]) => Promise<void>;
  /** Ends a session, but leaves its token to the same person's next one; null when it has none. */
  readonly takeOver: (secret: string, userId: number) => Promise<SealedViewerToken | null>;
}

const IDLE_MS = 3_600_000;

/** The ends of sessions: here, and of their tokens at GitHub. */
export function createSessionEnds({
  rows,
  cipher,
  authorization,
  host,
  now,
}: WebSessionsOptions): SessionEnds {
  async function endTokens(gone: readonly WebSessionRow[]): Promise<void> {
    const own = gone.filter((row) => row.host === host);
    const tokens = own.flatMap((row) => viewerTokenIn(cipher, row) ?? []);
    await Promise.all(tokens.map((token) => authorization.revoke(token, "app")));
  }

  return {
    endTokens,
    async takeOver(secret, userId) {
      const row = await rows.remove(digestOf(secret));
      if (row === null) return null;
      const { sealedToken, expiresAt } = row;
      const isKept = row.userId === userId && row.host === host && isLive(row, now());
      if (isKept && sealedToken !== null) return { sealedToken, expiresAt };
      await endTokens([row]);
      return null;
    },
    async end(secret) {
      const row = await rows.remove(digestOf(secret));
      if (row !== null) await endTokens([row]);
    },
    async endAllOf(userId) {
      await endTokens(await rows.removeAllOf(userId));
    },
    async prune() {
      let count = 0;
      for (let gone = await rows.removeOver(ageAt(now())); gone.length > 0;) {
        count += gone.length;
        await endTokens(gone);
        gone = await rows.removeOver(ageAt(now()));
      }
      return count;
    },
  };
}

/** Whether a session isn't over. */
export function isLive({ expiresAt, usedAt }: WebSessionRow, at: Date): boolean {
  const { now, idleSince } = ageAt(at);
  return expiresAt > now && usedAt > idleSince;
}

/** Null where there's none, or no key decrypts it. */
export function viewerTokenIn(cipher: Cipher, row: WebSessionRow): string | null {
  const { sealedToken, host, userId } = row;
  return sealedToken === null
    ? null
    : cipher.open(sealedToken, { host, userId, field: "viewerToken" });
}

/** Whoever reads the database can't sign in with what's there. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function ageAt(now: Date): SessionAge {
  const idleSince = new Date(now.getTime() - IDLE_MS);
  return { now: now.toISOString(), idleSince: idleSince.toISOString() };
}
