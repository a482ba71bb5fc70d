import pTimeout, { TimeoutError } from "p-timeout";
import type { Finding } from "../core/doctor/finding.ts";
import { DOCS, STATUS_PAGE } from "../core/github/hosts.ts";
import { inlineCode, plainLine } from "../core/text/quote.ts";
import { isRequestError } from "../github/trouble.ts";
import type { Log } from "../ports/log.ts";

/** Who reads the findings: in a thread, everybody who sees the repository. */
export type Audience = "thread" | "administrator";

/** Something to check. */
export interface Check {
  readonly what: string;
  look(): Promise<Finding | readonly Finding[]>;
}

/** How checks are made. */
export interface Conditions {
  readonly audience: Audience;
  readonly timeLimitMs: number;
  readonly log: Pick<Log, "warn">;
}

/** Findings of a check. One that breaks or takes too long is a finding itself. */
export async function examine(
  check: Check,
  { audience, timeLimitMs, log }: Conditions,
): Promise<readonly Finding[]> {
  const { what } = check;
  try {
    const findings = await pTimeout(check.look(), { milliseconds: timeLimitMs });
    return [findings].flat();
  } catch (error) {
    if (error instanceof TimeoutError) {
      return [failed(what, `No response within ${timeLimitMs / 1000} s.`, NETWORK)];
    }
    // What a request failed with may quote its headers.
    if (!isRequestError(error)) log.warn({ err: error, what }, "doctor check failed");
    return [failed(what, ...accountOf(error, audience))];
  }
}

/** All at once; the findings are in the order of the checks. */
export async function examineAll(
  checks: readonly Check[],
  conditions: Conditions,
): Promise<readonly Finding[]> {
  return (await Promise.all(checks.map((check) => examine(check, conditions)))).flat();
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

/** One of several things that are wrong with what was checked. */
export type DoctorProblem = Omit<Finding, "what" | "cure"> & { readonly cure: string };

/** One finding of all problems, as grave as the gravest; `fine` is what was found when there is none. */
export function summary(what: string, problems: readonly DoctorProblem[], fine: string): Finding {
  if (problems.length === 0) return ok(what, fine);
  const level = problems.some((problem) => problem.level === "failed") ? "failed" : "warning";
  const found = problems.map((problem) => problem.found).join(" ");
  const cure = [...new Set(problems.map((problem) => problem.cure))].join(" ");
  return { level, what, found, cure };
}

const NETWORK = "Check the network from the bot to this host: firewall, DNS, proxy.";
const LOG = "See the bot's log: look for `doctor check failed`.";

/** What happened and what helps. Errors may quote headers and paths: their words are not for everybody. */
function accountOf(error: unknown, audience: Audience): [found: string, cure: string] {
  if (isRequestError(error) && error.response !== undefined) {
    const cure = error.status >= 500 ? OUTAGES : TROUBLESHOOTING;
    return [`GitHub responded with ${error.status}: ${quote(error.message)}.`, cure];
  }
  const code = errorCodeOf(error);
  if (isRequestError(error)) {
    return [`GitHub didn't respond${code === null ? "" : ` (${inlineCode(code)})`}.`, NETWORK];
  }
  const named = code ?? (error instanceof Error ? error.name : "unknown error");
  const words = audience === "administrator" && error instanceof Error ? error.message : "";
  const said = words === "" ? inlineCode(named) : quote(words);
  return [`This check failed: ${said}.`, words === "" ? LOG : ISSUE];
}

const OUTAGES = `${STATUS_PAGE} shows outages.`;
const TROUBLESHOOTING = `${DOCS}/rest/using-the-rest-api/troubleshooting-the-rest-api explains what this means.`;
const ISSUE = "Fix what this says. If it doesn't help, report it as a bug.";

/** What others said, on one line of inline code. */
export function quote(words: string): string {
  return inlineCode(plainLine(words, 200));
}

/** The operating system's name for what went wrong, e.g. `ECONNREFUSED`. */
export function errorCodeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string" && /^\w+$/u.test(error.code)) {
    return error.code;
  }
  return errorCodeOf(error.cause);
}
