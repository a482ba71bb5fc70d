import { isAway } from "../task/session.ts";
import { codeName } from "../text/quote.ts";
import { isRisky } from "../text/risky-words.ts";
import type { ControlName } from "../command/table.ts";
import { isControl, isSessionCommand } from "../command/table.ts";
import type { CommentView, FailureView } from "./view.ts";
import type { SessionView } from "./session-view.ts";

/** The state of a task in its reader's words, after one sign. */
export function headingOf(view: CommentView): string {
  const { state, name, command, denial, wantsSession, hosting } = view;
  const about = `: ${shownName(name)}`;
  switch (state.type) {
    case "answer":
      return answerHeading(state.command);
    case "denied":
      if (wantsSession) return `🚫 Copilot didn't start${about}`;
      return `🚫 ${denial === "misplaced_command" ? "Not run" : "Not allowed"}: \`/copilot ${command}\``;
    case "canceled":
      return state.cancellation === "stopped"
        ? `⏹️ Copilot was stopped${about}`
        : `⏹️ Copilot didn't start${about}`;
    case "queued":
    case "waiting_for_runtime":
      return `⏳ Copilot is waiting in line${about}`;
    case "connect":
      return `✋ Connect your Copilot${about}`;
    case "trying_again":
      return `⏳ Copilot is starting${about}`;
    case "starting":
      if (isAway(view)) return `${AWAY}${about}`;
      return hosting !== null && hosting.machine === null
        ? `⏳ Copilot is waiting for a machine${about}`
        : `⏳ Copilot is starting${about}`;
    case "late":
      return `⏳ Copilot is slow to start${about}`;
    case "failed":
      if (!wantsSession) return `❌ Command failed: \`/copilot ${command}\``;
      return `❌ ${failureHeading(state.failure, hosting !== null)}${about}`;
    case "session":
      return isAway(view) && !isOver(state.session)
        ? `${AWAY}${about}`
        : `${sessionHeading(state.session)}${about}`;
    default:
      return state satisfies never;
  }
}

const AWAY = "🔌 Copilot's machine can't be reached";

/** Of others, nobody knows how they are while their machine isn't reached. */
function isOver({ phase }: SessionView): boolean {
  return phase === "completed" || phase === "stopped" || phase === "failed";
}

/** Kinds are words; names of labels can be anything, and those of unknown commands a reference, e.g. `gh-1`. */
export function shownName(name: string): string {
  const isWord = /^[a-z][a-z\d]*(?:[-_][a-z\d]+)*$/u.test(name) && name.length <= 50;
  return isWord && !isRisky(name) ? name : codeName(name);
}

const ANSWERS: Record<ControlName, string> = {
  help: "💡 Copilot commands",
  config: "⚙️ Copilot settings",
  doctor: "🩺 Copilot health check",
  connect: "🔗 Your Copilot connection",
  disconnect: "🔗 Your Copilot connection",
  ok: "🔀 Copilot on a pull request from a fork",
};

function answerHeading(command: string): string {
  if (isSessionCommand(command)) return `⚠️ Nothing changed: \`/copilot ${command}\``;
  return isControl(command) ? ANSWERS[command] : "💬 Copilot";
}

/** @param isHosted whether the session runs on a machine of the administrator's, and ends with its runtime */
function failureHeading({ code, isAfterPrompt }: FailureView, isHosted: boolean): string {
  if (code === "start_timed_out") return "Copilot didn't start in time";
  if (code === "prompt_not_delivered") return "Copilot didn't confirm your request";
  if (code === "interrupted") return "Copilot may not have started";
  if (!isAfterPrompt) return "Copilot couldn't start";
  const hasEnded = isHosted && (code === "runtime_crashed" || code === "limit_exceeded");
  return hasEnded ? "Copilot's session failed" : "Something went wrong";
}

const HEADINGS: Record<Exclude<SessionView["phase"], "waiting">, string> = {
  started: "🚀 Copilot started",
  sending: "⏳ Copilot is starting",
  working: "🔄 Copilot is working",
  idle: "💤 Copilot is idle",
  completed: "✅ Copilot finished",
  stopped: "⏹️ Copilot was stopped",
  failed: "❌ Copilot's session failed",
};

function sessionHeading({ phase, asked: [first], unfollowed }: SessionView): string {
  // Nobody knows how an unfollowed session continues.
  if (unfollowed !== null && phase === "working") return "🔄 Copilot was working";
  if (unfollowed !== null && unfollowed !== "idle" && phase === "idle")
    return "💤 Copilot was idle";
  if (phase !== "waiting") return HEADINGS[phase];
  if (unfollowed !== null) return "✋ Copilot was waiting for an answer";
  if (first === undefined) return "✋ Copilot is waiting for an answer";
  return first.asking.type === "question"
    ? "✋ Copilot has a question"
    : first.asking.type === "plan"
      ? "✋ Copilot needs your approval of a plan"
      : "✋ Copilot needs your approval";
}
