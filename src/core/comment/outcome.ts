import type {
  CommandGiver,
  SessionCommand,
  SessionCommandType,
} from "../session/session-command.ts";
import { codeName, inlineCode, plainLine } from "../text/quote.ts";
import type { SharingOutcome } from "./sharing.ts";
import { sharingSentence } from "./sharing.ts";

/** What came of a command to a session. */
export type CommandOutcome =
  | { readonly type: "stop"; readonly came: "aborted" | "unconfirmed" | "unreachable" }
  | { readonly type: "send"; readonly came: SendOutcome }
  | {
      readonly type: "answer";
      /**
       * `answered` and `declined`: its question. `not_asked`: the agent asks something else now. `withheld`: it wasn't
       * shown whole.
       */
      readonly came:
        | "approved"
        | "denied"
        | "answered"
        | "declined"
        | "nothing_asked"
        | "not_asked"
        | "withheld"
        | "not_waiting"
        | "unreachable";
      /** What was written behind the command. */
      readonly words: string;
    }
  | SharingOutcome
  /** By then, only whoever's Copilot the session uses could do that. */
  | { readonly type: "owners_only" }
  /** Something that nobody expected. */
  | { readonly type: "failed" };

/**
 * What came of somebody's command to a session, in one line of Markdown.
 *
 * @param isOnGitHub whether the session is to be seen and steered there
 */
export function outcomeSentence(
  outcome: CommandOutcome,
  giver: CommandGiver,
  isOnGitHub: boolean,
): string {
  const by = giverOf(giver);
  switch (outcome.type) {
    case "stop":
      return STOPPED[outcome.came](by, isOnGitHub);
    case "send":
      return SENT[outcome.came](by, isOnGitHub);
    case "answer":
      return answered(outcome, by, isOnGitHub);
    case "share":
    case "unshare":
      return sharingSentence(outcome, by);
    case "owners_only":
      return `The command from ${by} wasn't carried out: the policy has changed, so only the requester can steer this session.`;
    case "failed":
      return "The bot couldn't do that in the session. The bot's log has the details.";
    default:
      return outcome satisfies never;
  }
}

/** Who gave a command; of one from the task's page, there's nothing else in the thread to see. */
function giverOf({ requester, place }: CommandGiver): string {
  return place === "page" ? `${codeName(requester)} (on the page)` : codeName(requester);
}

type By = (by: string, isOnGitHub: boolean) => string;

/** What else people can do, where the session is to be seen on GitHub; or else. */
function andThen(isOnGitHub: boolean, there: string, otherwise = ""): string {
  const more = isOnGitHub ? there : otherwise;
  return more === "" ? "" : ` ${more}`;
}

const STOPPED: Record<"aborted" | "unconfirmed" | "unreachable", By> = {
  aborted: (by) => `Stopped by ${by}.`,
  unconfirmed: (by, isOnGitHub) =>
    `${by} asked the session to stop, but it hasn't confirmed that.${andThen(isOnGitHub, "You can also stop it in Mission Control.")}`,
  unreachable: (by) => `${by} asked the session to stop, but the bot couldn't reach it.`,
};

/** `unconfirmed`: it may still arrive. `unknown`: the session was lost before anybody saw whether it arrived. */
type SendOutcome = "delivered" | "unconfirmed" | "unknown" | "not_delivered";

const CHECK_FIRST = "Check in Mission Control before you send it again.";
const WAIT_FIRST = "If Copilot doesn't respond to it, send it again.";

const SENT: Record<SendOutcome, By> = {
  delivered: (by) => `${by} sent a message, and Copilot received it.`,
  unconfirmed: (by, isOnGitHub) =>
    `Copilot hasn't confirmed the message from ${by}, which may still arrive.${andThen(isOnGitHub, CHECK_FIRST, WAIT_FIRST)}`,
  unknown: unknownMessage,
  not_delivered: (by, isOnGitHub) =>
    `The message from ${by} wasn't delivered. Send it again${isOnGitHub ? ", or write it in Mission Control" : ""}.`,
};

function answered(
  { came, words }: Extract<CommandOutcome, { type: "answer" }>,
  by: string,
  isOnGitHub: boolean,
): string {
  switch (came) {
    case "nothing_asked":
      return `${by} answered, but Copilot isn't waiting for an answer.`;
    case "not_asked":
      return `The answer from ${by} wasn't used, because it didn't name the request that Copilot was waiting for.`;
    case "withheld":
      return isOnGitHub
        ? `The whole request can't be shown here, so ${by} can only approve it in Mission Control.`
        : `The whole request can't be shown here, so ${by} can't approve it here.`;
    case "not_waiting":
      return `${by} answered, but Copilot isn't waiting for that answer anymore.`;
    case "unreachable":
      return `The answer from ${by} couldn't be delivered. Answer ${isOnGitHub ? "in Mission Control" : "again"}.`;
    case "approved":
    case "denied":
    case "answered":
    case "declined": {
      const what = came === "answered" || came === "declined" ? "question" : "request";
      const shown = words.trim() === "" ? "" : `: ${inlineCode(plainLine(words, 200))}`;
      return `${by} ${came} Copilot's ${what}${shown}.`;
    }
    default:
      return came satisfies never;
  }
}

/**
 * What is said of commands that were begun by a process that was cut off: nobody knows what came of them, and a
 * second time might be one too many. Null when there is nothing to say.
 */
export function cutOffSentences(
  commands: readonly SessionCommand[],
  isOnGitHub: boolean,
): string | null {
  const sentences = commands.map((command) =>
    UNKNOWN[command.type]?.(giverOf(command), isOnGitHub),
  );
  const said = [...new Set(sentences)].filter((sentence) => sentence !== undefined);
  if (said.length === 0) return null;
  const more = said.length > MAX_SENTENCES ? [MORE_UNKNOWN] : [];
  return [...said.slice(0, MAX_SENTENCES), ...more].join(" ");
}

/** A comment has only so much room, and a session takes any number of commands. */
const MAX_SENTENCES = 5;

const MORE_UNKNOWN = "The same goes for other commands.";

/** Null for what can be repeated without harm. */
const UNKNOWN: Record<SessionCommandType, By | null> = {
  send: unknownMessage,
  stop: (by) =>
    `The bot lost contact with the session, so it doesn't know whether the stop by ${by} worked. If Copilot keeps working, stop it again.`,
  approve: unknownAnswer,
  deny: unknownAnswer,
  share: unknownSharing,
  unshare: unknownSharing,
  status: null,
  resume: null,
  pull_request: null,
};

function unknownMessage(by: string, isOnGitHub: boolean): string {
  return `The bot lost contact with the session, so it doesn't know whether the message from ${by} arrived.${andThen(isOnGitHub, CHECK_FIRST, WAIT_FIRST)}`;
}

function unknownAnswer(by: string): string {
  return `The bot lost contact with the session, so it doesn't know whether the answer from ${by} arrived. If Copilot still asks, answer again.`;
}

function unknownSharing(by: string): string {
  return `The bot lost contact with the session, so it doesn't know whether the session is shared as ${by} asked. Give the command again.`;
}

/** What is said of commands that came while the session couldn't be reached. */
export const NOT_DONE =
  "The last command wasn't carried out, because the bot can't reach the session.";

/**
 * What is said of a stop that came before the bot lost sight of a session: nobody knows whether it still runs.
 *
 * @param url where the session is; null while nobody knows whether there is one, or where it isn't to be seen
 */
export function stopMissed(giver: CommandGiver, url: string | null, isOnGitHub: boolean): string {
  const by = giverOf(giver);
  if (!isOnGitHub) return `${by} asked the session to stop, but the bot can't reach it.`;
  return url === null
    ? `${by} asked to stop this task. If its session exists, stop it in Mission Control.`
    : `${by} asked the session to stop, but the bot can't reach it. [Stop it in Mission Control](${url}).`;
}

/** What is said of a task that was stopped before it got its prompt. */
export function stoppedEarly(giver: CommandGiver, isBegun: boolean): string {
  const before = isBegun ? "before Copilot received the prompt" : "before it started";
  return `Stopped by ${giverOf(giver)} ${before}.`;
}
