import { inlineCode, plainLine } from "./plain-text.ts";
import type { Role } from "./role.ts";

/** How many tasks may be started in which time. */
export interface Limit {
  readonly scope: "requester" | "repository" | "organisation";
  readonly per: "hour" | "day";
  readonly most: number;
}

/** Where a policy file says something. */
export interface FilePlace {
  readonly of: "organisation" | "repository";
  /** Of the file, on GitHub. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** A team that GitHub does not know, and where the policy names it. */
export interface MissingTeam {
  /** As `organisation/slug`. */
  readonly team: string;
  readonly places: readonly FilePlace[];
}

/** Why the gate does not let a task start. */
export type Denial =
  | { readonly reason: "no_permission"; readonly least: Role }
  | { readonly reason: "denied_by_name" }
  | { readonly reason: "not_on_the_list"; readonly missing: readonly MissingTeam[] }
  /** The policy denies something to teams of which nobody can tell who is in them. */
  | { readonly reason: "team_missing"; readonly missing: readonly MissingTeam[] }
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
      return notOnTheList(denial.missing);
    case "team_missing":
      return `The policy denies this to ${teams(denial.missing)} that GitHub does not know: ${GONE}. Until that is mended nobody can start this here.\n\n${listOf(denial.missing)}`;
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

const GONE = "renamed or deleted, or hidden from the App";

function notOnTheList(missing: readonly MissingTeam[]): string {
  const sentence = `Only people and teams that \`permissions\` in ${POLICY} names can start this here. The repository's maintainers can add you.`;
  if (missing.length === 0) return sentence;
  return `${sentence}\n\nIt names ${teams(missing)} that GitHub does not know, by which nobody gets in: ${GONE}.\n\n${listOf(missing)}`;
}

function teams({ length }: readonly MissingTeam[]): string {
  return length === 1 ? "a team" : "teams";
}

/** A comment has only so much room. */
const MOST_LISTED = 20;

/** Each team and place, and who can change it. */
function listOf(missing: readonly MissingTeam[]): string {
  const lines = missing.flatMap(({ team, places }) => {
    if (places.length === 0) return [`- ${quoted(team)}`];
    return places.map((place) => `- ${quoted(team)}: ${placed(place)}`);
  });
  const left = lines.length - MOST_LISTED;
  const more = left > 0 ? [`- … and ${count(left, "place")} more`] : [];
  return [...lines.slice(0, MOST_LISTED), ...more].join("\n");
}

function placed({ of, url, line, column }: FilePlace): string {
  const [whose, who] =
    of === "repository"
      ? ["this repository", "its maintainers"]
      : ["the organisation", "the maintainers of its repository `.github`"];
  return `line ${line}, column ${column} of the [policy file of ${whose}](${url}), which ${who} can change`;
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
