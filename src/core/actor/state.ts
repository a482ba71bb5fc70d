import type { Observation } from "../session/observation.ts";
import type { Progress } from "../session/progress.ts";
import type { SessionCommand } from "../session/session-command.ts";
import type { Failure } from "../task/failure.ts";
import type { Task } from "../task/task.ts";
import type { SharingChange } from "../task/transitions/hosting.ts";
import type { SessionStart } from "../task/transitions/starting.ts";
import type { HostingChange } from "../task/transitions/hosting.ts";
import type { SessionLeft, TaskLeft } from "./effect.ts";

/** What the actor of a session knows. Times are in milliseconds since the epoch. */
export interface ActorState {
  /** As it was last written, with what people see of it. */
  readonly task: Task;
  readonly stage: Stage;
  readonly seen: Seen;
  readonly link: OwnLink;
  readonly requests: PolicyRequests;
  readonly commands: Commands;
  readonly collection: Collection;
  readonly comment: CommentEdits;
  /** Whether nobody waits for the actor, so that others can start. */
  readonly isInBackground: boolean;
  /** The runtime is gone, or the bot disconnected from the session. */
  readonly isSessionLost: boolean;
  /** That's because the token has ended with which it was watched. */
  readonly hasTokenEnded: boolean;
  /** Others need its place. */
  readonly isRoomNeeded: boolean;
  /** Others wait for its process. */
  readonly isDisplaced: boolean;
  /** The bot is being stopped. */
  readonly isStopping: boolean;
}

/** What the actor is at. */
export type Stage =
  /** The agent has started, and has no prompt. */
  | { readonly type: "opened"; readonly prompt: string; readonly start: SessionStart }
  /** The prompt is on its way. From `noticeAt` on, people learn that it takes long; null once they do. */
  | { readonly type: "prompting"; readonly noticeAt: number | null }
  /** The prompt has arrived, or won't. The session's own link is waited for until then. */
  | {
      readonly type: "linking";
      readonly arrival: "delivered" | Failure;
      readonly until: number;
      /** Whether the row says what came of the prompt. */
      readonly isRecorded: boolean;
    }
  /** Somebody has stopped the task: who it was is being looked up. */
  | { readonly type: "called off"; readonly isBeingLookedUp: boolean }
  | { readonly type: "stopped"; readonly stop: SessionCommand }
  | {
      readonly type: "following";
      readonly since: number;
      /** Whether another session has had to leave, if there were too many. */
      readonly hasRoom: boolean;
    }
  /** Only the last report is left to be made, once no edit is under way. */
  | { readonly type: "ending"; readonly stop: SessionCommand | null }
  | { readonly type: "reporting"; readonly stop: SessionCommand | null }
  /** All is said and done: this is what's next for the session and the task. */
  | { readonly type: "leaving"; readonly session: SessionLeft; readonly task: TaskLeft }
  /** The actor has nothing left to do. */
  | { readonly type: "left" };

/** A stage of a type. */
export type StageOf<Type extends Stage["type"]> = Extract<Stage, { type: Type }>;

/** What was observed of the session. */
export interface Seen {
  readonly observations: readonly Observation[];
  readonly progress: Progress;
  /** The requests that only people in Mission Control can answer. */
  readonly elsewhere: ReadonlySet<string>;
}

/** The link that the session itself reports. */
export type OwnLink =
  | { readonly type: "unknown" }
  /** It has reported one: it's to be asked whether that can be trusted. */
  | { readonly type: "reported" }
  | { readonly type: "being read" }
  | { readonly type: "known"; readonly url: string };

/** The agent's requests, as the policy sees them. */
export interface PolicyRequests {
  /** Those that the policy has answered, or left to people. */
  readonly judged: ReadonlySet<string>;
  /** The one that is being answered; until it is settled, it isn't shown to people. */
  readonly answering: string | null;
}

/** The commands that people give to the session. */
export interface Commands {
  /** There may be some that weren't taken yet. */
  readonly areWaiting: boolean;
  readonly areBeingTaken: boolean;
  /** Those that this process has begun to execute, or reports. */
  readonly begun: ReadonlySet<string>;
  readonly executing: ReadonlyMap<string, SessionCommand>;
  /** Those whose outcome is known, and not in the row yet. */
  readonly finished: readonly string[];
  /** What came of the last one. One line of Markdown. */
  readonly note: string | null;
  /** What the last one about sharing has made of it; null while there was none. */
  readonly sharing: SharingChange | null;
  /** Somebody waits for the comment to be of now. */
  readonly isCommentWanted: boolean;
}

/** The edits of the task's comment: one at most is under way. */
export interface CommentEdits {
  /** When the last one was begun; 0 if the next one doesn't have to wait for its turn. */
  readonly begunAt: number;
  readonly edit:
    | { readonly type: "under way" }
    /** GitHub wants to be left alone until then. */
    | { readonly type: "none"; readonly notBefore: number };
}

/** How a session on an own machine stands with what's to be taken out of it: figures, and the agent's commits. */
export interface Collection {
  /** When the rest began for which it was done, or begun; null while it never was. */
  readonly since: string | null;
  readonly isUnderWay: boolean;
  /** When it's tried again, in milliseconds since the epoch; null where it isn't. */
  readonly retryAt: number | null;
  /** What came of it, for the row. */
  readonly change: HostingChange;
}
