import type { CommandOutcome } from "../comment/outcome.ts";
import { withheldInComment } from "../comment/request.ts";
import type { Progress } from "../session/progress.ts";
import type { SessionCommand } from "../session/session-command.ts";
import type { Asking } from "../task/asking.ts";

/** What is done to a session because of a command. */
export type SessionAction =
  | { readonly type: "stop" }
  | { readonly type: "send"; readonly text: string }
  | { readonly type: "share" | "unshare" }
  | {
      readonly type: "answer";
      readonly requestId: string;
      readonly asking: Asking["type"];
      readonly approved: boolean;
      /** What was written behind the command. */
      readonly words: string;
    };

/** Whether it uses the rights or the quota of whoever's Copilot the session uses, or brings words to the agent. */
export function isOwnersAction(action: SessionAction): boolean {
  if (action.type === "answer") return action.approved || action.words !== "";
  return action.type !== "stop";
}

/** What a command comes to: something to do, an outcome, or nothing to say. */
export type CommandMeaning =
  | { readonly type: "action"; readonly action: SessionAction }
  | { readonly type: "outcome"; readonly outcome: CommandOutcome }
  | { readonly type: "nothing" };

/** An answer names the request that it is for, as the comment shows it. */
const NAMED = /^(?<code>[0-9a-f]{4})(?:\s+(?<words>.*))?$/su;

/** Of an answer, the code alone, without the words behind it; empty where there's none. */
export function codeAlone(text: string): string {
  return NAMED.exec(text.trim())?.groups?.["code"] ?? "";
}

/**
 * What a command means to a session, as it is now.
 *
 * @param codeOf by which people name a request
 */
export function meaningOf(
  command: SessionCommand,
  progress: Progress,
  codeOf: (requestId: string, asking: Asking) => string,
): CommandMeaning {
  switch (command.type) {
    case "stop":
      return { type: "action", action: { type: "stop" } };
    case "send":
      return { type: "action", action: { type: "send", text: command.text } };
    case "share":
    case "unshare":
      return { type: "action", action: { type: command.type } };
    case "approve":
    case "deny":
      return answerMeant(command, progress, codeOf);
    case "status":
    case "resume":
    case "pull_request":
      return { type: "nothing" };
    default:
      return command.type satisfies never;
  }
}

function answerMeant(
  { type, text }: SessionCommand,
  { asking }: Progress,
  codeOf: (requestId: string, asking: Asking) => string,
): CommandMeaning {
  const { code = "", words: said = "" } = NAMED.exec(text.trim())?.groups ?? {};
  const words = said.trim();
  const noAnswer = (came: "nothing_asked" | "not_asked" | "withheld"): CommandMeaning => {
    return { type: "outcome", outcome: { type: "answer", came, words } };
  };
  const [requestId, asked] = [...asking].find((one) => codeOf(...one) === code) ?? [];
  if (asking.size === 0) return noAnswer("nothing_asked");
  if (requestId === undefined || asked === undefined) return noAnswer("not_asked");
  const approved = type === "approve";
  if (approved && withheldInComment(asked) !== null) return noAnswer("withheld");
  const action = { type: "answer", requestId, asking: asked.type, approved, words } as const;
  return { type: "action", action };
}

/** What came of an answer, as people read it. */
export function outcomeOfAnswer(
  { approved, words, asking }: Extract<SessionAction, { type: "answer" }>,
  came: "answered" | "not_waiting" | "unreachable",
): CommandOutcome {
  if (came !== "answered") return { type: "answer", came, words };
  if (asking === "question") {
    return { type: "answer", came: approved ? "answered" : "declined", words };
  }
  return { type: "answer", came: approved ? "approved" : "denied", words };
}
