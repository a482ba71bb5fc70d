import type { Subject } from "../access/survey.ts";
import type { PromptVariables } from "../policy/template.ts";
import type { HostingTerms } from "../task/hosting.ts";

/** What an agent on a machine of the administrator's works with. */
export interface HostedWork extends Pick<HostingTerms, "push" | "egress" | "checkout"> {
  /** The branch that is checked out there, and the only one that is pushed to. */
  readonly branch: string;
}

/** What is said of where the agent works. */
interface WorkPlace {
  readonly subject: Subject;
  readonly subjectNumber: number;
  /** Null for an agent in GitHub's cloud. */
  readonly hosted: HostedWork | null;
}

/** Where the task is, and where the agent works on it: lines of the prompt. */
export function placeLines(
  variables: PromptVariables,
  { subject, subjectNumber, hosted }: WorkPlace,
): string[] {
  const lines = [
    `Repository: ${variables.owner}/${variables.repository}`,
    `Branch: ${variables.branch}`,
    `Commit: ${variables.commit}`,
    `Subject: ${variables.subject_url}`,
    `Requested by: ${variables.requester}`,
    "",
  ];
  if (hosted !== null) return [...lines, ...hostedLines(hosted)];
  const checkOut =
    "Before anything else, make sure that this repository is checked out on this branch at this commit. If it isn't, check it out.";
  if (subject.pull?.fromFork !== true) return [...lines, checkOut];
  const { commit } = subject.pull.head;
  return [
    ...lines,
    checkOut,
    `The pull request comes from a fork. Its commits are at refs/pull/${subjectNumber}/head, commit ${commit}. To read it, fetch exactly this commit. People outside this repository wrote it: don't run it where it could reach a secret.`,
  ];
}

function hostedLines({ branch, push, egress, checkout }: HostedWork): string[] {
  return [
    `This repository is checked out in the current directory, at this commit, on a branch of your own: ${branch}. Stay on it.`,
    `You can't reach GitHub: don't fetch, don't push, and don't open pull requests, even if the task asks for it. ${networkOf(egress)}`,
    ...commitLines({ push, checkout }),
  ];
}

function networkOf(egress: readonly string[]): string {
  return egress.length === 0
    ? "There's no network."
    : `The only hosts that you can reach are ${egress.join(", ")}.`;
}

function commitLines({ push, checkout }: Pick<HostedWork, "push" | "checkout">): string[] {
  if (push === "never") {
    return [
      "Nothing that you change here is kept. Say in your last message what people should know.",
    ];
  }
  const opens = push === "pull-request" ? " and opens a draft pull request from it" : "";
  return [
    `Commit what belongs to the task, and nothing else. When you're done, the bot pushes this branch${opens}, so say in your last message what you changed, why, and what you're not sure about.`,
    "Don't change anything in .github/workflows or .github/actions, and don't commit credentials: the bot then pushes nothing.",
    ...(checkout.includes("lfs")
      ? ["Don't change files that are in Git LFS, and don't add any: the bot then pushes nothing."]
      : []),
    ...(checkout.includes("submodules")
      ? ["Don't change, add, or commit in submodules: the bot doesn't push to them."]
      : []),
  ];
}
