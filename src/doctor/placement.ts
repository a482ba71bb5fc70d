import type { Policy } from "../core/policy/policy.ts";
import type { PlacementDecision } from "../core/policy/placement.ts";
import { placementOf } from "../core/policy/placement.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { HostingDenial } from "../core/policy/hosting-terms.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import type { DoctorProblem } from "./examination.ts";
import type { FilesToChange } from "./files-to-change.ts";
import { quote, summary } from "./examination.ts";

/** What the finding about it is called. */
const OWN_MACHINES = "sessions on own machines";

/** Whether a repository's tasks can run where its policy wants them: nothing where all of them run in the cloud. */
export function judgePlacements(
  policy: Policy,
  name: RepositoryName,
  allowed: SelfHosting | null,
  filesOf: FilesToChange,
): readonly Finding[] {
  const placed = [...policy.prompts.keys()].map((kind) => {
    const task = { ...name, kind, fromFork: false };
    return { kind, placement: placementOf(policy, task, allowed) };
  });
  const namesWith = (holds: (placement: PlacementDecision) => boolean) =>
    placed.filter(({ placement }) => holds(placement)).map(({ kind }) => kind);
  const kindsWith = (...holds: Parameters<typeof namesWith>) => namesWith(...holds).map(quote);
  const there = kindsWith(({ type }) => type === "self-hosted");
  const ifBlocked = kindsWith((one) => one.type === "cloud" && one.ifBlocked !== null);
  const denials = placed.flatMap(({ placement }) => denialIn(placement) ?? []);
  const distinct = [...new Map(denials.map((denial) => [denial.reason, denial])).values()];
  const problems = distinct.flatMap((denial) => {
    const has = (one: PlacementDecision) => denialIn(one)?.reason === denial.reason;
    const refused = kindsWith((one) => one.type === "refused" && has(one));
    const withoutWayOut = kindsWith((one) => one.type === "cloud" && has(one));
    const files = filesOf(denial, namesWith(has));
    return problemsOf(refused, withoutWayOut, denial, explain(denial, name, files));
  });
  if (there.length + ifBlocked.length + problems.length === 0) return [];
  const fine = [
    ...(there.length === 0 ? [] : [`${there.join(", ")}.`]),
    ...(ifBlocked.length === 0 ? [] : [`If GitHub blocks the cloud: ${ifBlocked.join(", ")}.`]),
  ];
  return [summary(OWN_MACHINES, problems, fine.join(" "))];
}

function denialIn(placement: PlacementDecision): HostingDenial | null {
  if (placement.type === "refused") return placement.denial;
  return placement.type === "cloud" ? placement.notIfBlocked : null;
}

function problemsOf(
  refused: readonly string[],
  withoutWayOut: readonly string[],
  denial: HostingDenial,
  { why, cure }: Explanation,
): DoctorProblem[] {
  const where =
    denial.reason === "cloud_not_allowed"
      ? "in GitHub's cloud"
      : "on the bot administrator's own machines";
  const problems: DoctorProblem[] = [];
  if (refused.length > 0) {
    const found = `The policy wants ${refused.join(", ")} to run ${where}, but ${why}, so no such task starts.`;
    problems.push({ level: "failed", found, cure });
  }
  if (withoutWayOut.length > 0) {
    const found = `The policy wants ${withoutWayOut.join(", ")} to run on the bot administrator's own machines if GitHub blocks the cloud, but ${why}, so such a task fails then.`;
    problems.push({ level: "warning", found, cure });
  }
  return problems;
}

interface Explanation {
  readonly why: string;
  readonly cure: string;
}

function explain(
  denial: HostingDenial,
  { owner, repository }: RepositoryName,
  files: string,
): Explanation {
  const { reason } = denial;
  const otherwise = `or change \`runs_on\` in ${files}.`;
  switch (reason) {
    case "cloud_not_allowed":
      return {
        why: "the bot's administrator keeps this repository's sessions out of GitHub's cloud",
        cure: `Set \`runs_on: self-hosted\` in ${files}, or take ${quote(`${owner}/${repository}`)} from the bot's \`SELF_HOSTED_ONLY\`.`,
      };
    case "self_hosting_off":
      return {
        why: "this bot runs no sessions there",
        cure: `Set \`SELF_HOSTED\` and \`SELF_HOSTED_REPOSITORIES\` for the bot, ${otherwise}`,
      };
    case "self_hosting_repository":
      return {
        why: "this bot runs no sessions of this repository there",
        cure: `Add ${quote(`${owner}/${repository}`)} to the bot's \`SELF_HOSTED_REPOSITORIES\`, ${otherwise}`,
      };
    case "self_hosting_egress":
      return {
        why: `this bot doesn't let sessions reach the host ${quote(denial.host)}`,
        cure: `Add the host to the bot's \`SELF_HOSTED_EGRESS\`, or leave it out of \`egress\` in ${files}.`,
      };
    case "self_hosting_fork":
      return {
        why: "pull requests from forks never run there",
        cure: `Ask on another pull request, ${otherwise}`,
      };
    default:
      return reason satisfies never;
  }
}
