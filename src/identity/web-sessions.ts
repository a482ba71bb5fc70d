import type { WebSessionRow } from "../ports/web-session-rows.ts";
import type { ViewerToken, WebSession, WebSessions } from "../ports/web-sessions.ts";
import type { Cipher, SealPlace } from "./cipher.ts";
import type { SealedViewerToken, WebSessionsOptions } from "./session-ends.ts";
import { createSessionEnds, digestOf, isLive, viewerTokenIn } from "./session-ends.ts";

/** In milliseconds: as long as the App's user tokens last, so that none is ever refreshed. */
const LONGEST_MS = 8 * 3_600_000;
/** In milliseconds: a session that's in use is written no more often than this. */
const USE_EVERY_MS = 60_000;

/**
 * Of one person. GitHub ends the oldest of more than ten tokens of a person for one App, and that could be the one
 * with which their tasks run.
 */
const MAX_SESSIONS = 5;

/** The sign-ins of a database, whose tokens are encrypted there. */
export function createWebSessions(options: WebSessionsOptions): WebSessions {
  const { rows, cipher, host, now, random } = options;
  const { endTokens, takeOver, ...ends } = createSessionEnds(options);

  /** The token of a new session: its own, or that of the session before. */
  async function tokenFor(
    userId: number,
    own: ViewerToken | null,
    replaced: string | null,
  ): Promise<SealedViewerToken | null> {
    if (own === null) return replaced === null ? null : takeOver(replaced, userId);
    if (replaced !== null) await ends.end(replaced);
    return sealed(cipher, { host, userId, field: "viewerToken" }, own);
  }

  return {
    ...ends,
    async find(secret, { isUse = true } = { isUse: true }) {
      const row = await rows.find(digestOf(secret));
      const at = now();
      if (row?.host !== host || !isLive(row, at)) return null;
      const isDue = at.getTime() - Date.parse(row.usedAt) >= USE_EVERY_MS;
      if (isUse && isDue) await rows.use(row.digest, at.toISOString());
      return sessionOf(row, cipher);
    },
    async begin({ person: { id: userId, login }, continuedTask, viewerToken }, replaced) {
      const token = await tokenFor(userId, viewerToken, replaced);
      const secret = random();
      const named = { digest: digestOf(secret), userId, login, host, continuedTask };
      const row: WebSessionRow = { ...named, ...lifetimeOf(token, now()) };
      await rows.insert(row);
      await endTokens(await rows.removeOldestBeside(row, MAX_SESSIONS - 1));
      return secret;
    },
    async dropToken({ id }) {
      const sealedToken = (await rows.find(id))?.sealedToken ?? null;
      if (sealedToken !== null) await rows.replaceToken(id, sealedToken, null);
    },
  };
}

function sealed(
  cipher: Cipher,
  place: SealPlace,
  { token, expiresAt }: ViewerToken,
): SealedViewerToken {
  return { sealedToken: cipher.seal(token, place), expiresAt };
}

/** A session that begins: it lasts no longer than its token. */
function lifetimeOf(token: SealedViewerToken | null, now: Date) {
  const at = now.toISOString();
  const longest = new Date(now.getTime() + LONGEST_MS).toISOString();
  const [expiresAt = longest] = [longest, token?.expiresAt ?? longest].toSorted();
  return { createdAt: at, usedAt: at, expiresAt, sealedToken: token?.sealedToken ?? null };
}

function sessionOf(row: WebSessionRow, cipher: Cipher): WebSession {
  const { digest: id, userId, login, continuedTask, createdAt } = row;
  const person = { id: userId, login };
  return { id, person, continuedTask, createdAt, viewerToken: viewerTokenIn(cipher, row) };
}
