import type { Asking } from "./observation.ts";
import { addressKey } from "./link.ts";
import { inlineCode, plainLine } from "./plain-text.ts";
import { withoutCredentials } from "./sanitise/credentials.ts";
import { echo, sanitiseLine } from "./sanitise/sanitise.ts";
import type { Task } from "./task.ts";

/** The most characters of the agent's words that a comment shows. */
const LONGEST_WORDS = 1_500;

/** What is told of a session that the bot follows, or has followed. Markdown lines. */
export function progressLines(task: Task, github: string): string[] {
  const lines = [stateLine(task)];
  if (task.note !== null) lines.push("", task.note);
  const pulls = pullLinks(task, github);
  if (pulls.length > 0) lines.push("", `Pull requests: ${pulls.join(", ")}`);
  const [first] = askedOf(task);
  if (first !== undefined && task.unfollowed === null) {
    lines.push("", ...askingLines(first, task));
  }
  const said = echo(task.said ?? "", LONGEST_WORDS);
  if (said !== "") lines.push("", "The agent's last words:", "", said);
  lines.push("", footLine(task));
  return lines;
}

function stateLine(task: Task): string {
  const after = elapsed(task);
  // What nobody watches may have changed since.
  const seen = task.unfollowed === null ? "" : " when last seen";
  switch (task.state) {
    case "waiting_for_user":
      return `**Waits for an answer**${seen}, ${after} after its start.`;
    case "idle":
      return `**Idle**, ${after} after its start: it waits for words.`;
    case "completed":
      return `**Completed** after ${after}.`;
    case "cancelled":
      return `**Stopped** after ${after}.`;
    case "failed":
      return failedLine(task, after);
    case "timed_out":
    case "queued":
    case "in_progress":
      return `**In progress**${seen}, ${after} after its start.`;
    default:
      return task.state satisfies never;
  }
}

function failedLine({ sessionFailure }: Task, after: string): string {
  const told = code(sessionFailure ?? "");
  const why = told === "" ? "" : `: ${told}`;
  return `**Failed** after ${after}${why}. The session told this itself.`;
}

/** From the start of the session to what was last seen of it. */
function elapsed({ sessionStartedAt, seenAt }: Task): string {
  const ms = Date.parse(seenAt ?? "") - Date.parse(sessionStartedAt ?? "");
  const minutes = Number.isNaN(ms) ? 0 : Math.floor(Math.max(0, ms) / 60_000);
  if (minutes === 0) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

/** Links to pull requests of the task's own repository; others are named only. */
function pullLinks({ pulls, owner, repository }: Task, github: string): string[] {
  const own = addressKey(`${github}/${owner}/${repository}/pull/`);
  return (pulls ?? "")
    .split("\n")
    .filter((url) => url !== "")
    .map((url) => {
      const key = addressKey(url);
      const number = key.slice(own.length);
      const isOwn = key.startsWith(own) && /^\d+$/u.test(number);
      return isOwn ? `[#${number}](${github}/${owner}/${repository}/pull/${number})` : code(url);
    });
}

/** What the agent waits for, oldest first. */
function askedOf({ asking }: Task): readonly Asked[] {
  const all: readonly Asked[] = JSON.parse(asking ?? "[]");
  return all;
}

/** A request of the agent's, and the code by which people name it. */
export interface Asked {
  readonly code: string;
  readonly asking: Asking;
}

function askingLines({ asking, code: name }: Asked, task: Task): string[] {
  const id = `${shortId(task)} ${name}`;
  const how = `Answer with \`/copilot approve ${id}\` or \`/copilot deny ${id}\`, or in Mission Control.`;
  switch (asking.type) {
    case "permission":
      return [
        `The agent asks for permission (${code(asking.kind)}):`,
        "",
        ...permissionLines(asking),
        "",
        how,
      ];
    case "question":
      return [
        "The agent asks:",
        "",
        echo(asking.question, LONGEST_WORDS),
        ...(asking.choices.length > 0
          ? ["", `Choices: ${asking.choices.map(code).join(", ")}`]
          : []),
        "",
        `Answer with \`/copilot approve ${id} <answer>\`, or in Mission Control; \`/copilot deny ${id}\` declines.`,
      ];
    case "plan":
      return ["The agent has a plan:", "", echo(asking.summary, LONGEST_WORDS), "", how];
    default:
      return asking satisfies never;
  }
}

function permissionLines(asking: Extract<Asking, { type: "permission" }>): string[] {
  const { intention, command, path, url, tool, branch } = asking;
  const parts = { intention, path, url, tool, branch };
  const told = Object.entries(parts)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `- ${name}: ${code(value ?? "")}`);
  if (command === null) return told;
  if (!isShownWhole(asking)) {
    return [
      ...told,
      "- command: too long to be shown here. It can be approved in Mission Control.",
    ];
  }
  return [...told, "- command:", "", block(command)];
}

/** The longest command that a comment shows, and that may be approved from the thread. */
const LONGEST_COMMAND = 3_000;

/** Whether people see all of what they are asked to approve. */
export function isShownWhole(asking: Asking): boolean {
  return asking.type !== "permission" || (asking.command ?? "").length <= LONGEST_COMMAND;
}

/** A command as it is, line by line; what cannot be seen in it is shown as such. */
function block(text: string): string {
  const visible = withoutCredentials(text)
    .text.replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{E0100}-\u{E01EF}]/gu, "\uFFFD");
  const longest = Math.max(2, ...[...visible.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${visible}\n${fence}`;
}

const UNFOLLOWED: Record<NonNullable<Task["unfollowed"]>, string> = {
  over: "",
  idle: "It was idle for long, so the bot no longer follows it.",
  time: "The bot has followed it for as long as it does, and no longer does.",
  room: "Others were busier, so the bot no longer follows it.",
  unreachable: "The bot cannot reach it any more, and does not know how it goes on.",
};

/** Whether the bot still follows, and what people can do. */
function footLine(task: Task): string {
  const id = shortId(task);
  if (task.unfollowed === null) {
    return `<sub>Steer it here: \`/copilot send ${id} …\` · \`/copilot stop ${id}\` · \`/copilot status ${id}\`</sub>`;
  }
  if (task.unfollowed === "over") {
    return `<sub>\`/copilot send ${id} …\` writes to it again.</sub>`;
  }
  const answers =
    task.asking === null ? "" : " What it asks has to be answered in Mission Control.";
  return `${UNFOLLOWED[task.unfollowed]}${answers} \`/copilot resume ${id}\` follows it again.`;
}

/** By which a task is named in a command. */
function shortId({ id }: Task): string {
  return id.slice(0, 8);
}

/** Words of others in one line, without credentials. */
function code(text: string): string {
  // Cut last: of a credential that is cut nobody could tell that it is one.
  const { text: clear } = sanitiseLine(text, Infinity);
  return inlineCode(plainLine(clear, 300));
}
