import type { ConnectionTokens, TokenKind } from "../core/identity/connection.ts";
import type { Examined } from "../ports/authorization.ts";
import type { PagesOptions } from "./options.ts";

/** A token that was examined, and found good. */
export interface FitToken {
  readonly examined: Extract<Examined, { readonly type: "good" }>;
  readonly kind: TokenKind;
  readonly tokens: ConnectionTokens;
  readonly expiresAt: string | null;
}

type Parts = Pick<PagesOptions, "connections" | "waiting" | "now" | "log">;

/** Stores a connection, and lets the tasks continue that waited for it; false when it couldn't be stored. */
export async function storeConnection(parts: Parts, fit: FitToken): Promise<boolean> {
  const { connections, waiting, now, log } = parts;
  const { kind, tokens, expiresAt } = fit;
  const { person, rights } = fit.examined;
  const connectedAt = now().toISOString();
  const fields = { userId: person.id, kind };
  try {
    await connections.connect({ person, kind, rights, connectedAt, expiresAt }, tokens);
  } catch (err) {
    log.error({ ...fields, err }, "connection not stored");
    return false;
  }
  try {
    log.info({ ...fields, tasks: await waiting.connected(person.id) }, "connected");
  } catch (err) {
    // The connection stands. A sweep looks after tasks that wait.
    log.error({ ...fields, err }, "connected, but tasks not processed");
  }
  return true;
}
