import type { SessionCommandName } from "../command/table.ts";
import { SETTING_OF_ANSWER } from "../task/denying-setting.ts";
import type { Policy } from "../policy/policy.ts";
import type { ChangePlaces } from "../task/denial.ts";
import type { Task } from "../task/task.ts";
import { isWaitingForConnection } from "../task/waiting.ts";
import { codeName, inlineCode, plainLine } from "../text/quote.ts";
import { changeSentence, HERE } from "./change.ts";

/** A task of a thread, as far as the list of them shows it. */
interface Listed extends Pick<Task, "id" | "state" | "schedule" | "session" | "outcome"> {
  readonly decision: Pick<Task["decision"], "kind">;
}

/** Why a command changes nothing, or what it has changed. */
export type CommandAnswer =
  | { readonly type: "no_task" }
  | {
      readonly type: "not_named";
      readonly command: SessionCommandName;
      /** As it was written, in small letters. */
      readonly id: string;
      /** The tasks whose ids begin so. */
      readonly found: readonly Listed[];
      /** The tasks of the thread, newest first. */
      readonly listed: readonly Listed[];
    }
  | { readonly type: "not_failed"; readonly id: string }
  | { readonly type: "not_over"; readonly id: string }
  /** `by`: the task that tries it again, or did. */
  | {
      readonly type: "retried";
      readonly id: string;
      readonly by: Pick<Task, "id" | "settledAt">;
    }
  | { readonly type: "queued"; readonly id: string }
  | { readonly type: "no_session"; readonly id: string }
  | { readonly type: "out_of_reach"; readonly id: string; readonly isOnGitHub: boolean }
  /** The session is in GitHub's cloud. */
  | { readonly type: "in_cloud"; readonly id: string }
  /** The policy keeps the session on its machine. */
  | { readonly type: "never_shared"; readonly id: string }
  /** The session uses somebody else's Copilot. */
  | { readonly type: "owners_only"; readonly id: string; readonly owner: string }
  /** The session uses somebody else's Copilot, and the bot doesn't follow it. */
  | { readonly type: "not_followed"; readonly id: string; readonly owner: string }
  | { readonly type: "to_connect"; readonly id: string }
  | { readonly type: "no_message" }
  /** `url`: of the bot's page. */
  | { readonly type: "connect"; readonly url: string; readonly isConnected: boolean }
  | { readonly type: "cannot_connect" }
  | { readonly type: "disconnected"; readonly wasConnected: boolean }
  | { readonly type: "no_fork" }
  | { readonly type: "forks_decided"; readonly forks: Policy["forks"] }
  | { readonly type: "not_a_maintainer" }
  | { readonly type: "other_commit"; readonly commit: string }
  | { readonly type: "commit_approved"; readonly commit: string };

/**
 * The answer to a command, for its own comment. Markdown.
 *
 * @param change where the policy that's behind it can be changed; null where that isn't known
 */
export function answerText(answer: CommandAnswer, change: ChangePlaces | null = null): string {
  switch (answer.type) {
    case "no_task":
      return "There's no Copilot task in this thread.";
    case "not_named":
      return notNamed(answer);
    case "not_failed":
      return `Task ${shortId(answer)} hasn't failed, so there's nothing to retry.`;
    case "not_over":
      return `Task ${shortId(answer)} isn't over yet, so it can't be retried.`;
    case "retried":
      return `Task ${shortId(answer)} ${answer.by.settledAt === null ? "is being" : "has been"} retried already, as task ${shortId(answer.by)}.`;
    case "queued":
      return `Task ${shortId(answer)} is waiting in line and has no session yet. To cancel it, comment \`/copilot stop ${answer.id.slice(0, 8)}\`.`;
    case "no_session":
      return `Task ${shortId(answer)} hasn't started a session yet.`;
    case "out_of_reach":
      return `The bot can't reach the session of task ${shortId(answer)}.${answer.isOnGitHub ? " Open it from the task's comment." : ""}`;
    case "in_cloud":
      return `The session of task ${shortId(answer)} runs in GitHub's cloud, so it's on GitHub anyway: open it from the task's comment. Only a session on the administrator's own machine can be shared, or not.`;
    case "never_shared":
      return `The session of task ${shortId(answer)} isn't shown on GitHub, because the policy says \`share: never\` for tasks of its kind. ${changeSentence(SETTING_OF_ANSWER[answer.type].name, change ?? HERE, " for later sessions")}`;
    case "owners_only":
      return `The session of task ${shortId(answer)} uses the Copilot of ${codeName(answer.owner)}, so only they can send it something, approve what it asks for, resume it, or share it. You can stop it (\`/copilot stop\`) or deny what it asks for (\`/copilot deny\`). ${changeSentence(SETTING_OF_ANSWER[answer.type].name, change ?? HERE)}`;
    case "not_followed":
      return `The bot doesn't follow the session of task ${shortId(answer)} anymore, so the task's comment shows what it last saw. The session uses the Copilot of ${codeName(answer.owner)}, so only they can have the bot follow it again. You can still stop it (\`/copilot stop\`).`;
    case "to_connect":
      return `Task ${shortId(answer)} is waiting for its requester to connect Copilot, and has no session yet. To cancel it, comment \`/copilot stop ${answer.id.slice(0, 8)}\`.`;
    case "no_message":
      return "Add your message after `/copilot send`.";
    case "connect":
      return answer.isConnected
        ? `Your Copilot is connected. [Your page](${answer.url}) shows what the bot keeps and what your Copilot may do.`
        : `[Connect your Copilot](${answer.url}). After that, sessions that you request run as you and use your Copilot plan.`;
    case "cannot_connect":
      return "People can't connect their Copilot to this bot: all sessions use the bot's account. Its administrator can change that.";
    case "disconnected":
      return answer.wasConnected
        ? "Your Copilot isn't connected anymore. The bot deleted its tokens and stops following your sessions, which continue without it."
        : "Your Copilot wasn't connected, so there was nothing to delete.";
    case "no_fork":
      return "Only pull requests from forks need this.";
    case "forks_decided":
      return forksDecided(answer, change ?? HERE);
    case "not_a_maintainer":
      return "Only people with maintain or administrator access can let Copilot work on a pull request from a fork.";
    case "other_commit":
      return `The head commit is now ${shortCommit(answer)}. Review it, then comment \`/copilot ok ${answer.commit}\`.`;
    case "commit_approved":
      return `Copilot may work on commit ${shortCommit(answer)} of this pull request. Now ask again: write the command, or remove and re-add the label. After each new push, a maintainer must approve again.`;
    default:
      return answer satisfies never;
  }
}

/** With `base`, Copilot works on pull requests from forks anyway. */
function forksDecided(
  { type, forks }: Extract<CommandAnswer, { type: "forks_decided" }>,
  change: ChangePlaces,
): string {
  const sentence = `The policy says \`forks: ${forks}\`, so approving a commit changes nothing.`;
  if (forks !== "deny") return sentence;
  return `${sentence} ${changeSentence(SETTING_OF_ANSWER[type].name, change)}`;
}

function notNamed({ command, id, found, listed }: Extract<CommandAnswer, { type: "not_named" }>) {
  const name = inlineCode(plainLine(id, 40));
  if (found.length > 1) {
    return `More than one task in this thread begins with ${name}. Nothing was changed. Use the whole id:\n\n${listOf(found, 36)}`;
  }
  const [only] = found;
  const what =
    only === undefined
      ? `There's no task ${name} in this thread.`
      : `Task ${name} never started a session, so \`/copilot ${command}\` can't be used on it.`;
  const [newest] = listed;
  if (newest === undefined) {
    const other = only === undefined ? "No task" : "No other task";
    return `${what} Nothing was changed. ${other} has been started here.`;
  }
  const hint =
    command === "send"
      ? `\n\nIf ${name} is part of your message, name the task first: \`/copilot send ${newest.id.slice(0, 8)} …\``
      : "";
  return `${what} Nothing was changed. These are the tasks here:\n\n${listOf(listed, 8)}${hint}`;
}

function listOf(tasks: readonly Listed[], digits: number): string {
  return tasks
    .map((task) => {
      const name = task.decision.kind ?? "not started";
      const state = isWaitingForConnection(task) ? TO_CONNECT : STATES[task.state];
      return `- ${inlineCode(task.id.slice(0, digits))}: ${name}, ${state}`;
    })
    .join("\n");
}

const TO_CONNECT = "waiting for its requester to connect Copilot";

const STATES: Record<Task["state"], string> = {
  queued: "queued",
  in_progress: "in progress",
  waiting_for_user: "waiting for an answer",
  idle: "idle",
  completed: "completed",
  failed: "failed",
  timed_out: "timed out",
  cancelled: "canceled",
};

function shortId({ id }: { readonly id: string }): string {
  return codeName(id.slice(0, 8));
}

function shortCommit({ commit }: { readonly commit: string }): string {
  return `\`${commit.slice(0, 7)}\``;
}
