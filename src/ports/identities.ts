import type { SharedAccount } from "../core/access/shared-account.ts";
import type { Denial } from "../core/task/denial.ts";
import type { Failure } from "../core/task/failure.ts";
import type { Task } from "../core/task/task.ts";
import type { PersonsToken, SessionRequest } from "./copilot.ts";
import type { IdentityChoice } from "../core/policy/identity-choice.ts";

/** What more is known of a failure. */
export type Diagnosis = Partial<Omit<Failure, "message">>;

/** Whose Copilot a task's session uses, as of now. */
export type Identity =
  | {
      readonly type: "identity";
      readonly token: string;
      /** When the token ends; ISO 8601. Null when nobody knows, or it doesn't. */
      readonly usableUntil: string | null;
    }
  /** The requester hasn't connected their Copilot, or has to connect it again. */
  | { readonly type: "not_connected" }
  /** This process lacks the settings for what was chosen; another replica may have them. */
  | { readonly type: "unavailable" }
  /** GitHub couldn't be asked for a new token: try again later. */
  | { readonly type: "unreachable"; readonly message: string };

/** What a policy's choice comes to here. */
export type Chosen =
  | { readonly type: "chosen"; readonly identity: IdentityChoice | null }
  | { readonly type: "denied"; readonly denial: Denial };

type IdentifiedTask = Pick<Task, "requester" | "decision" | "session">;

/** Chooses whose Copilot each session uses. */
export interface Identities {
  /** @param wanted what the policy says for the kind; null when it leaves it to the administrator */
  choose(wanted: IdentityChoice | null): Chosen;
  /** Of what was chosen for the task. */
  identityFor(task: IdentifiedTask): Promise<Identity>;
  /** The same, with a token that lasts for a whole session if that's possible: for one that isn't created yet. */
  identityToBegin(task: IdentifiedTask & Pick<Task, "id">): Promise<Identity>;
  /** Whether a person has connected their Copilot. */
  isConnected(userId: number): Promise<boolean>;
  /** Whether a token is still its person's: not refreshed, replaced, or deleted. */
  isCurrent(token: PersonsToken): Promise<boolean>;
  /** Copilot has refused the token of a task: if it's the requester's, and GitHub refuses it too, they have to connect again. */
  tokenRefused(task: Pick<Task, "requester" | "decision">): Promise<void>;
  /** Deletes what's kept of a person's Copilot, at GitHub too; false when there was nothing. */
  disconnect(userId: number): Promise<boolean>;
  /**
   * The accounts of all identities that the administrator provides, which agents can act as; null for one that isn't of
   * this GitHub. Rejects as GitHub's methods do.
   */
  accounts(): Promise<readonly SharedAccount[]>;
  /** What GitHub says about a refusal that doesn't say enough; null when it says nothing more. */
  diagnose(request: SessionRequest, failure: Failure): Promise<Diagnosis | null>;
}
