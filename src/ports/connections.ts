import type { Connection, ConnectionTokens } from "../core/identity/connection.ts";
import type { PersonsToken } from "./copilot.ts";

/** A token of a person's, or why there's none. */
export type UserToken =
  | {
      readonly type: "token";
      readonly token: string;
      readonly login: string;
      /** Until when it may be used, ISO 8601; null when it doesn't end. A refresh ends it then. */
      readonly usableUntil: string | null;
    }
  /** Never connected, or disconnected since. */
  | { readonly type: "not_connected" }
  /** GitHub no longer takes the tokens, or they can't be decrypted: the person has to connect again. */
  | { readonly type: "ended"; readonly login: string }
  /** GitHub couldn't refresh it now: try again later. */
  | { readonly type: "unreachable"; readonly message: string };

/** The people who have connected their Copilot. Every method rejects when the database does. */
export interface Connections {
  /** What's known of a connection; null when there's none, also when it has ended. */
  find(userId: number): Promise<Connection | null>;
  /** Keeps a connection instead of an earlier one of the same person. Durable when it resolves. */
  connect(connection: Connection, tokens: ConnectionTokens): Promise<void>;
  /**
   * Deletes a person's tokens here, and, as far as GitHub can be reached, ends what they have allowed there; false when
   * there were none.
   */
  disconnect(userId: number): Promise<boolean>;
  /**
   * GitHub reports that a person has revoked the App: deletes their tokens unless GitHub says that they're good. Such a
   * report may come late, or again. False when nothing was deleted.
   */
  revoked(userId: number): Promise<boolean>;
  /** Copilot has refused a person's token: the connection has ended if GitHub refuses it too. */
  refused(userId: number): Promise<void>;
  /**
   * A person's token, refreshed first if it's about to expire: once, over all replicas.
   *
   * @param taskId of a task that begins: a token that would end during its session is refreshed too, unless another
   *   session of that person uses it
   */
  tokenOf(userId: number, taskId?: string): Promise<UserToken>;
  /** Whether a token is still its person's: not refreshed, replaced, or deleted. */
  isCurrent(token: PersonsToken): Promise<boolean>;
}
