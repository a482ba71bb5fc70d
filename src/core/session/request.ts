import type { Asked, Asking } from "../task/asking.ts";
import { cleanLine } from "../text/plain.ts";
import { plainLine } from "../text/quote.ts";

/** Whether the session takes an answer from the thread at all. A form has neither choices nor an answer in words. */
export function takesAnswer({ asking, elsewhere }: Pick<Asked, "asking" | "elsewhere">): boolean {
  const isForm = asking.type === "question" && !asking.freeform && asking.choices.length === 0;
  return elsewhere !== true && !isForm;
}

/**
 * A request as it may be stored: what a comment can't show isn't kept either, because a credential may be in it.
 */
export function storableRequest(asking: Asking): Asking {
  const withheld = asking.withheld ?? null;
  if (withheld === null) return asking;
  switch (asking.type) {
    case "permission": {
      const { kind, intention, readOnly, managedApprovalRequired, leavesSandbox } = asking;
      const shown = intention === null ? null : clearLine(intention);
      const nothing = { command: null, path: null, url: null, tool: null, branch: null };
      const facts = { readOnly, managedApprovalRequired, leavesSandbox, withheld };
      return { type: "permission", kind, intention: shown, ...nothing, ...facts, details: [] };
    }
    case "question":
      return { ...asking, question: clearLine(asking.question), choices: [], withheld };
    case "plan":
      return { type: "plan", summary: clearLine(asking.summary), actions: [], withheld };
    default:
      return asking satisfies never;
  }
}

/** The beginning of a text in one line, without credentials. */
export function clearLine(text: string): string {
  // Cut last: a credential that is cut can't be recognized.
  return plainLine(cleanLine(text, Infinity).text, 300);
}
