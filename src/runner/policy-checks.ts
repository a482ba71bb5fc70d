import pTimeout from "p-timeout";
import type { PolicyCheckRun } from "../core/comment/policy-check.ts";
import { policyCheckRun } from "../core/comment/policy-check.ts";
import type { GitHubTroubleType } from "../core/github/trouble.ts";
import { pauseAfter } from "../core/github/trouble.ts";
import type { GitHub } from "../ports/github.ts";
import type { Log } from "../ports/log.ts";
import type { PolicyCheck, PolicyCheckRuns, PolicyChecks } from "../ports/policy-checks.ts";

/** What policy checks are done with. */
export interface PolicyCheckPorts {
  readonly checks: PolicyChecks;
  readonly github: PolicyCheckRuns & Pick<GitHub, "troubleOf">;
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Before GitHub is asked again; later pauses are longer. In milliseconds. */
  readonly againMs: number;
  /** For GitHub to grant what it refuses, in milliseconds. */
  readonly giveUpMs: number;
}

/** What passes by itself, or is set right by somebody who then needs no new push. */
const PASSES: ReadonlySet<GitHubTroubleType> = new Set<GitHubTroubleType>([
  "unreachable",
  "unauthorized",
  "ip_not_allowed",
  "suspended",
  "conflict",
]);

/**
 * Does all policy checks that are due. Each head commit gets one check run at most, whoever is stopped in between: the
 * intent comes before it, and whoever takes the check after that looks for it first. Whoever stops doesn't wait for
 * GitHub: the check is due again after a while.
 */
export async function doPolicyChecks(ports: PolicyCheckPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const check = await ports.checks.take();
    if (check === null) return;
    try {
      await pTimeout(doPolicyCheck(ports, check), { milliseconds: Infinity, signal });
    } catch (error) {
      if (signal.aborted) return;
      await refused(ports, check, error);
    }
  }
}

async function doPolicyCheck({ checks, github, log }: PolicyCheckPorts, check: PolicyCheck) {
  const change = await github.policyChange(check);
  if (change.headCommit !== check.commit) return checks.settle(check, "superseded", null);
  if (!change.isChanged) return checks.settle(check, "unchanged", null);
  const run: PolicyCheckRun = policyCheckRun({ ...change, repository: check.repository });
  const known = await github.findPolicyCheckRun(check);
  if (known === null && !(await checks.intend(check))) return undefined;
  const id = known ?? (await github.createPolicyCheckRun(check, run));
  await checks.settle(check, "written", id);
  log.info({ ...placeOf(check), conclusion: run.conclusion }, "policy checked");
  return undefined;
}

/** A pull request is worth waiting for GitHub; a permission that the App lacks is for the doctor to report. */
async function refused(ports: PolicyCheckPorts, check: PolicyCheck, err: unknown): Promise<void> {
  const { checks, github, log, now, chance, againMs, giveUpMs } = ports;
  const trouble = github.troubleOf(err);
  if (trouble !== null && !PASSES.has(trouble.type)) {
    log.warn({ ...placeOf(check), trouble: trouble.type }, "policy not checked: GitHub refused");
    return checks.settle(check, "refused", null);
  }
  log.warn({ ...placeOf(check), err }, "policy not checked yet");
  if (now().getTime() - Date.parse(check.createdAt) > giveUpMs) {
    return checks.settle(check, "given_up", null);
  }
  const pause = pauseAfter(trouble ?? DEFECT, check.attempt, chance(), againMs);
  return checks.postpone(check, new Date(now().getTime() + pause));
}

/** What isn't GitHub's doing is tried again as if it were. */
const DEFECT = { type: "unreachable", message: "" } as const;

function placeOf({ repositoryId, pullNumber, commit }: PolicyCheck) {
  return { repositoryId, pullNumber, commit };
}
