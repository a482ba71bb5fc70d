import type { SessionCommand } from "../session/session-command.ts";
import type { Failure } from "../task/failure.ts";
import type { Task } from "../task/task.ts";
import type { SessionAction } from "./command-action.ts";

/** What the actor of a session wants done. */
export type ActorEffect =
  /** Write what a transition has changed, and that the outcome of these commands is in the row. */
  | {
      readonly type: "record";
      readonly before: Task;
      readonly after: Task;
      readonly finished: readonly string[];
      /** For the log. */
      readonly news: ActorNews | null;
    }
  | { readonly type: "deliver"; readonly prompt: string }
  /** Ask the session for the link that it has reported. */
  | { readonly type: "read link" }
  /** Look up who has stopped the task. */
  | { readonly type: "find stop" }
  | { readonly type: "take commands" }
  | {
      readonly type: "execute";
      readonly command: SessionCommand;
      readonly action: SessionAction;
    }
  /** Answer a request as the policy says. */
  | { readonly type: "answer"; readonly requestId: string; readonly approved: boolean }
  /** Take out of a session on an own machine what its agent has done: its figures, and its commits. */
  | { readonly type: "collect" }
  /** Bring the comment, and what else people see, to the task. */
  | { readonly type: "edit"; readonly task: Task }
  /** Nobody needs to wait for the actor anymore. */
  | { readonly type: "continue in background" }
  /** Where too many sessions are followed, another one has to leave. */
  | { readonly type: "make room" }
  /** Let go of the session: others wait for its process. */
  | { readonly type: "let go" }
  /** Report the task for the last time, as stopped by a command or as it is, and settle it. */
  | { readonly type: "report"; readonly task: Task; readonly stop: SessionCommand | null }
  /** Open the settled task again if somebody has given it a command in the meantime. */
  | { readonly type: "reopen for commands" }
  /** The actor is done, and this is what's next for the session and the task. */
  | { readonly type: "leave"; readonly session: SessionLeft; readonly task: TaskLeft };

/** What's worth a line in the log. */
export type ActorNews =
  | { readonly type: "session ready" }
  | { readonly type: "prompt late" }
  | { readonly type: "prompt delivered" }
  | { readonly type: "prompt not delivered"; readonly failure: Failure };

/** What becomes of the session. `watch`: only its own link is still waited for. `stop`: it has nothing to do. */
export type SessionLeft = "detach" | "watch" | "stop";

/**
 * What's next for the task. `reported`: what the report said. `again`: it's processed again at once. `as it is`: for the
 * next process. `lost`: somebody else has it.
 */
export type TaskLeft = "reported" | "again" | "as it is" | "lost";
