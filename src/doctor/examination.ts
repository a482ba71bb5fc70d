import pTimeout, { TimeoutError } from "p-timeout";
import type { Finding } from "../core/finding.ts";
import { inlineCode, plainLine } from "../core/plain-text.ts";
import { isRequestError } from "../github/trouble.ts";

/** Who reads the findings: in a thread, everybody who sees the repository. */
export type Audience = "thread" | "administrator";

/** Something to look at. */
export interface Check {
  readonly what: string;
  look(): Promise<Finding | readonly Finding[]>;
}

/** How checks are made. */
export interface Conditions {
  readonly audience: Audience;
  readonly timeLimitMs: number;
  readonly log: { warn(fields: object, message: string): void };
}

/** Findings of a check. One that breaks or takes too long is a finding itself. */
export async function examine(
  check: Check,
  { audience, timeLimitMs, log }: Conditions,
): Promise<readonly Finding[]> {
  const { what } = check;
  try {
    const findings = await pTimeout(check.look(), { milliseconds: timeLimitMs });
    return "level" in findings ? [findings] : findings;
  } catch (error) {
    if (error instanceof TimeoutError) {
      return [failed(what, `There was no answer within ${timeLimitMs / 1000} s.`, NETWORK)];
    }
    // What a request failed with may quote its headers.
    if (!isRequestError(error)) log.warn({ err: error, what }, "a check of the doctor's broke");
    return [failed(what, ...accountOf(error, audience))];
  }
}

export function ok(what: string, found: string): Finding {
  return { level: "ok", what, found, cure: null };
}

export function warning(what: string, found: string, cure: string): Finding {
  return { level: "warning", what, found, cure };
}

export function failed(what: string, found: string, cure: string): Finding {
  return { level: "failed", what, found, cure };
}

/** One of several things that are wrong with what was looked at. */
export type Problem = Omit<Finding, "what" | "cure"> & { readonly cure: string };

/** One finding of all problems, as grave as the gravest; `fine` is what was found when there is none. */
export function summary(what: string, problems: readonly Problem[], fine: string): Finding {
  if (problems.length === 0) return ok(what, fine);
  const level = problems.some((problem) => problem.level === "failed") ? "failed" : "warning";
  const found = problems.map((problem) => problem.found).join(" ");
  const cure = [...new Set(problems.map((problem) => problem.cure))].join(" ");
  return { level, what, found, cure };
}

const NETWORK =
  "The administrator of the bot looks at the network between the bot and this host: firewall, name server, proxy.";
const LOG =
  "The administrator of the bot finds the reason in the log, in the line `a check of the doctor's broke`.";

/** What happened and what helps. Errors may quote headers and paths: their words are not for everybody. */
function accountOf(error: unknown, audience: Audience): [found: string, cure: string] {
  if (isRequestError(error) && error.response !== undefined) {
    const cure = error.status >= 500 ? STATUS_PAGE : TROUBLESHOOTING;
    return [`GitHub answered ${error.status}: ${quote(error.message)}.`, cure];
  }
  const code = codeOf(error);
  if (isRequestError(error)) {
    return [`GitHub did not answer${code === null ? "" : ` (${inlineCode(code)})`}.`, NETWORK];
  }
  const named = code ?? (error instanceof Error ? error.name : "unknown error");
  const words = audience === "administrator" && error instanceof Error ? error.message : "";
  const said = words === "" ? inlineCode(named) : quote(words);
  return [`This could not be looked at: ${said}.`, words === "" ? LOG : ISSUE];
}

const STATUS_PAGE = "https://www.githubstatus.com tells of outages.";
const TROUBLESHOOTING =
  "The administrator of the bot finds what this means at https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api.";
const ISSUE =
  "The administrator of the bot mends what this says; where it says nothing, it is a defect of the bot.";

/** What others said, on one line of inline code. */
export function quote(words: string): string {
  return inlineCode(plainLine(words, 200));
}

/** The operating system's name for what went wrong, e.g. `ECONNREFUSED`. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string" && /^\w+$/u.test(error.code)) {
    return error.code;
  }
  return codeOf(error.cause);
}
