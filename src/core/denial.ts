import { inlineCode, plainLine } from "./plain-text.ts";
import type { Role } from "./role.ts";

/** How many tasks may be started in which time. */
export interface Limit {
  readonly scope: "requester" | "repository" | "organisation";
  readonly per: "hour" | "day";
  readonly most: number;
}

/** Why the gate does not let a task start. */
export type Denial =
  | { readonly reason: "no_permission"; readonly least: Role }
  | { readonly reason: "denied_by_name" }
  | { readonly reason: "not_on_the_list" }
  | { readonly reason: "teams_unreadable" }
  | { readonly reason: "unknown_command"; readonly name: string; readonly nearest: string | null }
  /** `problems` is Markdown. */
  | { readonly reason: "policy_wrong"; readonly problems: string }
  | { readonly reason: "repository_archived" }
  | { readonly reason: "repository_empty" }
  | { readonly reason: "subject_closed"; readonly state: "closed" | "merged" }
  | { readonly reason: "subject_locked" }
  | { readonly reason: "fork" }
  | { readonly reason: "fork_without_ok"; readonly commit: string }
  | { readonly reason: "branch_not_eligible"; readonly branch: string }
  | { readonly reason: "branch_missing"; readonly branch: string }
  /** `freesAt` is ISO 8601. */
  | { readonly reason: "over_limit"; readonly limit: Limit; readonly freesAt: string }
  | { readonly reason: "too_many_at_once"; readonly most: number };

export type DenialReason = Denial["reason"];

/** Where the policy file is read. */
const POLICY = "`.github/copilot-tasks.yml`";

/** What a denial says to the requester: what is missing, and who can change it. Markdown. */
export function sentenceOf(denial: Denial): string {
  const { reason } = denial;
  switch (reason) {
    case "no_permission":
      return `Only people with ${namedRole(denial.least)} access to this repository can start this here. An administrator of the repository can give it, or change \`permissions\` in ${POLICY}.`;
    case "denied_by_name":
      return `The policy of this repository excludes you from this: \`permissions\` in ${POLICY}, which its maintainers can change.`;
    case "not_on_the_list":
      return `Only people and teams that \`permissions\` in ${POLICY} names can start this here. The repository's maintainers can add you.`;
    case "teams_unreadable":
      return `The policy of this repository names teams, and the bot may not read who is in them. An owner of the organisation can give the App the permission \`Members: read-only\`.`;
    case "unknown_command":
      return unknownCommand(denial.name, denial.nearest);
    case "policy_wrong":
      return `Nothing starts here until the policy is mended.\n\n${denial.problems}`;
    case "repository_archived":
      return "This repository is archived: nothing can be changed in it. One of its administrators can unarchive it.";
    case "repository_empty":
      return "This repository has no commit yet: there is nothing for a session to work on.";
    case "subject_closed":
      return `This is ${denial.state}: Copilot tasks work on what is open. Reopen it, or ask on another one.`;
    case "subject_locked":
      return "This conversation is locked. A maintainer can unlock it.";
    case "fork":
      return `This pull request comes from a fork, and the policy denies these: \`forks\` in ${POLICY}, which the repository's maintainers can change.`;
    case "fork_without_ok":
      return `This pull request comes from a fork. A maintainer who has looked at its commit ${shortCommit(denial.commit)} can write \`/copilot ok\`; then ask again. A new push asks for a new look.`;
    case "branch_not_eligible":
      return `The branch ${quoted(denial.branch)} is not among those that Copilot tasks may work on: \`branches\` in ${POLICY}, which the repository's maintainers can change.`;
    case "branch_missing":
      return `The policy names the branch ${quoted(denial.branch)} for issues, and there is none of this name: \`branches\` in ${POLICY}.`;
    case "over_limit":
      return overLimit(denial.limit, denial.freesAt);
    case "too_many_at_once":
      return `${count(denial.most, "task")} of this repository ${denial.most === 1 ? "is" : "are"} running, which is as many as the policy allows at once (\`limits\` in ${POLICY}). Ask again when one of them has ended.`;
    default:
      return reason satisfies never;
  }
}

function unknownCommand(name: string, nearest: string | null): string {
  const meant = nearest === null ? "" : ` Did you mean \`/copilot ${nearest}\`?`;
  return `There is no command ${quoted(`/copilot ${name}`)} here.${meant} \`/copilot help\` tells which there are.`;
}

const WHO: Record<Limit["scope"], string> = {
  requester: "One person",
  repository: "This repository",
  organisation: "This organisation",
};

function overLimit({ scope, per, most }: Limit, freesAt: string): string {
  // To the next whole minute: a little late is right, a little early is not.
  const whole = new Date(Date.parse(freesAt) + 59_999).toISOString();
  const [date, time] = [whole.slice(0, 10), whole.slice(11, 16)];
  return `${WHO[scope]} may start ${count(most, "task")} in ${per === "hour" ? "an hour" : "a day"} (\`limits.${scope}.${per}\` in ${POLICY}), and they are used up. The next may start from ${date} ${time} UTC.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function namedRole(role: Role): string {
  return role === "admin" ? "administrator" : role;
}

function shortCommit(commit: string): string {
  return `\`${commit.slice(0, 7)}\``;
}

function quoted(text: string): string {
  return inlineCode(plainLine(text, 200));
}
