import { html } from "hono/html";
import { isUnseen } from "../../core/comment/links.ts";
import { canAnswerHere } from "../../core/comment/request.ts";
import type { CommentState, CommentView } from "../../core/comment/view.ts";
import type { SessionView } from "../../core/comment/session-view.ts";
import { isAway } from "../../core/task/session.ts";
import type { TaskState } from "../../core/task/task.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";
import type { Html } from "./document.ts";

/** The state of a task in its reader's words, with a sign and a color. */
export interface TaskLabel {
  readonly text: string;
  readonly icon: IconName;
  readonly tone: "muted" | "accent" | "attention" | "success" | "danger";
}

/** GitHub's states, as people choose among them: in the words of a task's label, or of the most general one. */
export const STATE_NAMES: Readonly<Record<TaskState, string>> = {
  queued: "Queued",
  in_progress: "Working",
  waiting_for_user: "Waiting for an answer",
  idle: "Idle",
  completed: "Finished",
  failed: "Failed",
  timed_out: "Timed out",
  cancelled: "Canceled",
};

/** The state of a task, as far as the bot knows it. */
export function labelOf(view: Pick<CommentView, "state" | "wantsSession" | "hosting">): TaskLabel {
  const { state, wantsSession, hosting } = view;
  const isUnplaced = hosting !== null && hosting.machine === null;
  if (state.type === "starting" && isUnplaced) return UNPLACED;
  if (state.type === "session") return labelOfSession(state.session, isAway(view));
  if (state.type === "canceled" && state.cancellation === "stopped") return STOPPED;
  if (state.type === "failed" && !wantsSession) return { ...LABELS.failed, text: "Command failed" };
  return LABELS[state.type];
}

const UNPLACED: TaskLabel = { text: "Waiting for a machine", icon: "queued", tone: "muted" };

const STOPPED: TaskLabel = { text: "Stopped", icon: "stopped", tone: "muted" };

const LABELS: Readonly<Record<Exclude<CommentState["type"], "session">, TaskLabel>> = {
  answer: { text: "Answered", icon: "answered", tone: "muted" },
  denied: { text: "Not allowed", icon: "stopped", tone: "danger" },
  canceled: { text: "Canceled", icon: "stopped", tone: "muted" },
  queued: { text: "Waiting in line", icon: "queued", tone: "muted" },
  connect: { text: "Waiting for a connection", icon: "waiting", tone: "attention" },
  waiting_for_runtime: { text: "Waiting in line", icon: "queued", tone: "muted" },
  trying_again: { text: "Starting", icon: "working", tone: "accent" },
  starting: { text: "Starting", icon: "working", tone: "accent" },
  late: { text: "Slow to start", icon: "waiting", tone: "attention" },
  failed: { text: "Failed", icon: "failed", tone: "danger" },
};

const SESSIONS: Readonly<Record<SessionView["phase"], TaskLabel>> = {
  sending: { text: "Starting", icon: "working", tone: "accent" },
  started: { text: "Started", icon: "working", tone: "accent" },
  working: { text: "Working", icon: "working", tone: "accent" },
  waiting: { text: "Waiting for an answer", icon: "waiting", tone: "attention" },
  idle: { text: "Idle", icon: "idle", tone: "muted" },
  completed: { text: "Finished", icon: "done", tone: "success" },
  stopped: STOPPED,
  failed: { text: "Session failed", icon: "failed", tone: "danger" },
};

/** Nobody knows how a session continues that the bot doesn't follow. */
const LAST_SEEN: Partial<Record<SessionView["phase"], TaskLabel>> = {
  working: { text: "Working when last seen", icon: "working", tone: "muted" },
  waiting: { text: "Waiting when last seen", icon: "waiting", tone: "attention" },
};

function labelOfSession({ phase, unfollowed }: SessionView, isUnreached: boolean): TaskLabel {
  const isKnown = unfollowed === null && !isUnreached;
  return (isKnown ? undefined : LAST_SEEN[phase]) ?? SESSIONS[phase];
}

/** What a task wants of people, in a few words; null when it wants nothing. */
export function wishOf(view: Pick<CommentView, "state" | "session" | "hosting">): string | null {
  const { state } = view;
  if (state.type === "connect") return "Connect your Copilot to start it";
  if (state.type !== "session" || state.session.phase !== "waiting") return null;
  const [first] = state.session.asked;
  if (first === undefined) return "Copilot is waiting for an answer";
  const where = canAnswerHere(first) || isUnseen(view) ? "" : " in Mission Control";
  if (first.asking.type === "question") return `Copilot has a question${where}`;
  const what = first.asking.type === "plan" ? "your approval of a plan" : "your approval";
  return `Copilot needs ${what}${where}`;
}

/** The label as people see it. */
export function labelMark({ text, icon: name, tone }: TaskLabel): Html {
  return html`<span class="label ${tone}">${icon(name)}<span>${text}</span></span>`;
}
