import type { FailureCode, SettingsPlace } from "./failure.ts";
import { meaningOf } from "./failure.ts";
import { usableLink } from "./link.ts";
import { inlineCode, plainLine } from "./plain-text.ts";
import { progressLines } from "./report.ts";
import type { Cancellation, Task } from "./task.ts";

const MISSION_CONTROL = "https://github.com/copilot/agents";

/** The hidden line by which the bot knows its own comment again. */
export function commentMarker(taskId: string): string {
  return `<!-- copilot-task:${taskId} -->`;
}

/**
 * The one comment of a task, whole, from the task alone: the same task always gives the same text.
 *
 * @param github origin of the GitHub that the comment is on, e.g. `https://github.com`
 */
export function renderComment(task: Task, github: string): string {
  const lines = [commentMarker(task.id), headline(task), "", ...wordsOf(task, github)];
  lines.push("", facts(task, github));
  return `${lines.join("\n")}\n`;
}

function wordsOf(task: Task, github: string): string[] {
  if (task.answer !== null) return [task.answer];
  if (task.denialText !== null) return [task.denialText, "", "No session was created."];
  if (task.cancellation !== null) {
    return [CANCELLED[task.cancellation] ?? task.note ?? "", "", nextStep(task)];
  }
  const lines =
    task.failureCode === null
      ? started(task, github)
      : failed(task, task.failureCode, { ...task, github });
  return task.leftOut === null ? lines : [...lines, "", `> [!NOTE]`, `> ${task.leftOut}`];
}

function headline(task: Task): string {
  if (task.answer !== null) return `### Copilot tasks: ${task.command ?? ""}`;
  const title = `### Copilot task: ${nameOf(task)}`;
  if (task.denial !== null) return `${title} – not started`;
  if (task.cancellation !== null) {
    return `${title} – ${task.cancellation === "stopped" ? "stopped" : "cancelled"}`;
  }
  if (task.failureCode === null) return title;
  const what = task.promptDeliveredAt === null ? "failed" : "in trouble";
  return `${title} – ${what}: \`${task.failureCode}\``;
}

const OUT_OF_REACH = "The bot may no longer work here, so it has given the task up.";

/** Why a task was given up before it began; who has stopped it stands in its note. */
const CANCELLED: Record<Cancellation, string | null> = {
  subject_closed: "This was closed before the task began.",
  label_removed: "The label was taken off before the task began.",
  branch_deleted: "The branch was deleted before the task began.",
  label_without_meaning: "The policy does not know the label any more.",
  subject_gone: OUT_OF_REACH,
  installation_deleted: OUT_OF_REACH,
  installation_suspended: OUT_OF_REACH,
  repository_removed: OUT_OF_REACH,
  repository_deleted: OUT_OF_REACH,
  stopped: null,
};

/** What is to be done, or before that is known what was asked for. */
function nameOf({ kind, command, triggerLabel }: Task): string {
  return kind ?? command ?? quoted(triggerLabel ?? "");
}

function started(task: Task, github: string): string[] {
  const link = usableLink(task.linkUrl ?? "") ?? MISSION_CONTROL;
  const lines = [`**[Follow the session in Mission Control](${link})**`];
  if (task.promptDeliveredAt === null) {
    lines.push("", "The prompt has not arrived yet: it is being sent again.");
  }
  if (isFollowed(task)) lines.push("", ...progressLines(task, github));
  const elsewhere = checkedOutElsewhere(task);
  if (elsewhere !== null) lines.push("", `> [!NOTE]`, `> ${elsewhere}`);
  return lines;
}

/** Whether the bot follows the session, or has followed it. */
function isFollowed({ followUntil, unfollowed }: Task): boolean {
  return followUntil !== null || unfollowed !== null;
}

function failed(task: Task, code: FailureCode, place: SettingsPlace): string[] {
  const { sentence, remedy } = meaningOf(code, place);
  if (task.watchUntil !== null) return [sentence, "", watching(task, task.watchUntil)];
  const lines = [sentence, "", remedy, "", nextStep(task)];
  const answer = code === "unknown" ? plainLine(task.failureDetail ?? "", 300) : "";
  if (answer !== "") lines.push("", `The answer was: ${inlineCode(answer)}`);
  return lines;
}

function watching(task: Task, until: string): string {
  const link = usableLink(task.linkUrl ?? "") ?? MISSION_CONTROL;
  return `It may still start: [look in Mission Control](${link}). The bot watches for it until ${until.slice(11, 16)} UTC, and corrects this comment when it starts. Asking again before that changes nothing.`;
}

/** What exists and how to ask again. A second session costs money, so the first is looked for. */
function nextStep(task: Task): string {
  const again =
    task.triggerLabel === null
      ? "write the command in a new comment"
      : `take the label ${quoted(task.triggerLabel)} off and set it again`;
  const link = usableLink(task.linkUrl ?? "");
  if (link !== null) {
    return `A session exists: [open it in Mission Control](${link}) before you ask for another one. To ask again, ${again}.`;
  }
  if (task.sessionIntentAt !== null) {
    return `A session may exist: look for it in [Mission Control](${MISSION_CONTROL}) before you ask for another one. To ask again, ${again}.`;
  }
  return `No session was created. To ask again, ${again}.`;
}

function checkedOutElsewhere(task: Task): string | null {
  const asked = `${task.owner}/${task.repository}`;
  const { sessionRepository, sessionBranch, branch } = task;
  const otherRepository =
    sessionRepository !== null && sessionRepository.toLowerCase() !== asked.toLowerCase();
  const otherBranch = sessionBranch !== null && sessionBranch !== branch;
  if (!otherRepository && !otherBranch) return null;
  const said = [
    otherRepository ? `repository ${quoted(sessionRepository)}` : null,
    otherBranch ? `branch ${quoted(sessionBranch)}` : null,
  ].filter((part) => part !== null);
  return `The session says that it started on ${said.join(", ")}. Its prompt tells it to check out branch ${quoted(branch ?? "")} of ${quoted(asked)} first.`;
}

function facts(task: Task, github: string): string {
  const asker = `[${task.requester}](${github}/${task.requester})`;
  const how =
    task.triggerLabel === null
      ? `command \`/copilot ${task.command ?? ""}\``
      : `label ${quoted(task.triggerLabel)}`;
  const parts = [
    `Asked by ${asker} (${how})`,
    `repository ${quoted(`${task.owner}/${task.repository}`)}`,
  ];
  if (task.branch !== null) parts.push(`branch ${quoted(task.branch)}`);
  if (task.commit !== null) {
    const url = `${github}/${task.owner}/${task.repository}/commit/${task.commit}`;
    parts.push(`commit [\`${task.commit.slice(0, 7)}\`](${url})`);
  }
  return `<sub>${parts.join(" · ")} · task \`${task.id.slice(0, 8)}\`</sub>`;
}

function quoted(text: string): string {
  return inlineCode(plainLine(text, 200));
}
