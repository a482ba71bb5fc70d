import type { CommandOutcome } from "../comment/outcome.ts";
import type { Observation } from "../session/observation.ts";
import type { SessionCommand } from "../session/session-command.ts";
import type { Failure } from "../task/failure.ts";
import type { Task } from "../task/task.ts";
import type { HostingChange } from "../task/transitions/hosting.ts";

/** What the actor of a session learns: what happened, and what came of its effects. */
export type ActorInput =
  | {
      readonly type: "observed";
      readonly observations: readonly Observation[];
      /** Those of the requests in them that only people in Mission Control can answer. */
      readonly elsewhere: readonly string[];
    }
  /** There may be commands for the session. */
  | { readonly type: "nudged" }
  /** Its time has come. */
  | { readonly type: "tick" }
  /** Others need the session's place. */
  | { readonly type: "room needed" }
  /** Others need the session's process: it's let go of first, and whatever is to be said follows. */
  | { readonly type: "displaced" }
  | { readonly type: "session lost" }
  /** The same, because the token has ended with which the session is watched. */
  | { readonly type: "token ended" }
  /** Somebody else has the task now. */
  | { readonly type: "claim lost" }
  | { readonly type: "stopping" }
  /** What came of `deliver`. */
  | { readonly type: "arrived"; readonly arrival: Arrival }
  /** Of `read link`; null for a link that isn't to be trusted. */
  | { readonly type: "link"; readonly url: string | null }
  /** Of `find stop`. */
  | { readonly type: "stop found"; readonly stop: SessionCommand | null }
  /** Of `record`: the row. */
  | { readonly type: "recorded"; readonly task: Task }
  /** Of `take commands`. */
  | {
      readonly type: "taken";
      /** Those that somebody has begun to execute, and whose outcome isn't known; this process may be that somebody. */
      readonly begun: readonly SessionCommand[];
      readonly commands: readonly SessionCommand[];
    }
  /** Of `execute`. */
  | { readonly type: "executed"; readonly commandId: string; readonly outcome: CommandOutcome }
  /** Of `answer`. */
  | { readonly type: "answered"; readonly requestId: string }
  /** Of `collect`. */
  | { readonly type: "collected"; readonly change: HostingChange }
  /** Of `edit`: the task with what people see of it, and until when GitHub wants to be left alone. */
  | { readonly type: "edited"; readonly task: Task; readonly notBefore: number }
  /** Of `report`. A task that isn't settled is reported again later. */
  | { readonly type: "reported"; readonly isSettled: boolean };

/** What came of the prompt; `unwatched`: the session was lost before anybody knew. */
export type Arrival = "delivered" | "unwatched" | "unwanted" | Failure;
