import type { Failure } from "../core/task/failure.ts";
import type { SessionUsage } from "../core/task/hosting.ts";
import type { PushOutcome } from "./workspaces.ts";

/** What came of sharing: the link, or why there's none. The session works in any case. */
export type Share =
  /** `url` is null where the link that the session reports can't be trusted. */
  | { readonly type: "shared"; readonly url: string | null }
  | { readonly type: "refused"; readonly failure: Failure };

/** What sessions on machines of the administrator's can do, and cloud sessions can't. */
export interface HostedControls {
  /** The machine's name. */
  readonly machine: string;
  readonly isIsolated: boolean;
  /** What came of sharing it, the last time; null where that wasn't wanted, or has been ended. */
  readonly shared: Share | null;
  /** Whether its agent has a prompt: a runtime that was killed may have forgotten it. */
  readonly hasPrompt: boolean;
  /** Lets its owner see and steer it on GitHub, from now on. */
  share(): Promise<Share>;
  /** Stops that. False when the runtime doesn't confirm it. */
  unshare(): Promise<boolean>;
  /** Null when the runtime doesn't say. */
  usage(): Promise<SessionUsage | null>;
  /**
   * Pushes what the agent has committed to the task's branch. Repeated, it does nothing more.
   *
   * @param token pushes to this one repository
   * @throws when GitHub doesn't take it, for a reason that may pass
   */
  push(token: string): Promise<PushOutcome>;
}
