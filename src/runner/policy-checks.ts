import type { PolicyCheckRun } from "../core/comment/policy-check.ts";
import { policyCheckRun } from "../core/comment/policy-check.ts";
import { NOT_GITHUBS, passes, pauseAfter } from "../core/github/trouble.ts";
import type { GitHub } from "../ports/github.ts";
import type { Log } from "../ports/log.ts";
import type { PolicyCheck, PolicyCheckRuns, PolicyChecks } from "../ports/policy-checks.ts";
import { workOff } from "./lease/work-off.ts";

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

/**
 * Does all policy checks that are due. Each head commit gets one check run at most, whoever is stopped in between: the
 * intent comes before it, and whoever takes the check after that looks for it first. Whoever stops doesn't wait for
 * GitHub: the check is due again after a while.
 */
export async function doPolicyChecks(ports: PolicyCheckPorts, signal: AbortSignal): Promise<void> {
  const take = () => ports.checks.take();
  const carryOut = (check: PolicyCheck) => doPolicyCheck(ports, check);
  const broken = (check: PolicyCheck, error: unknown) => refused(ports, check, error);
  await workOff({ take, carryOut, broken }, signal);
}

async function doPolicyCheck({ checks, github, log }: PolicyCheckPorts, check: PolicyCheck) {
  const change = await github.policyChange(check);
  if (change.headCommit !== check.commit) return checks.settle(check, "superseded", null);
  if (!change.isChanged) return checks.settle(check, "unchanged", null);
  const run: PolicyCheckRun = policyCheckRun({ ...change, repository: check.repository });
  const known = await github.findPolicyCheckRun(check);
  if (known === null && !(await checks.intend(check))) return;
  const id = known ?? (await github.createPolicyCheckRun(check, run));
  await checks.settle(check, "written", id);
  log.info({ ...placeOf(check), conclusion: run.conclusion }, "policy checked");
}

/** A pull request is worth waiting for GitHub; a permission that the App lacks is for the doctor to report. */
async function refused(ports: PolicyCheckPorts, check: PolicyCheck, err: unknown): Promise<void> {
  const { checks, github, log, now, chance, againMs, giveUpMs } = ports;
  const trouble = github.troubleOf(err);
  if (!passes(trouble)) {
    log.warn({ ...placeOf(check), trouble: trouble?.type }, "policy not checked: GitHub refused");
    return checks.settle(check, "refused", null);
  }
  log.warn({ ...placeOf(check), err }, "policy not checked yet");
  if (now().getTime() - Date.parse(check.createdAt) > giveUpMs) {
    return checks.settle(check, "given_up", null);
  }
  const pause = pauseAfter(trouble ?? NOT_GITHUBS, check.attempt, chance(), againMs);
  return checks.postpone(check, new Date(now().getTime() + pause));
}

function placeOf({ repositoryId, pullNumber, commit }: PolicyCheck) {
  return { repositoryId, pullNumber, commit };
}
