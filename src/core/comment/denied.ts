import { capitalized } from "../text/capitals.ts";
import type { ChangePlaces, Denial, FilePlace, Limit, MissingTeam } from "../task/denial.ts";
import { changeSentence, fileLinks, HERE, maintainers } from "./change.ts";
import type { PolicyDenial } from "../task/denying-setting.ts";
import { denyingName } from "../task/denying-setting.ts";
import type { HostingDenial } from "../policy/hosting-terms.ts";
import type { Role } from "../github/role.ts";
import type { Misplacement } from "../command/misplaced.ts";
import { MISPLACED } from "../command/misplaced.ts";
import { codeName } from "../text/quote.ts";
import { PROVIDED_ACCOUNTS } from "../policy/identity-choice.ts";

/**
 * What a denial says to the requester: what is missing, and who can change it. Markdown.
 *
 * @param known where the policy can be changed so that it passes; null where that isn't known, or where the policy
 *   doesn't decide about it
 */
export function denialSentence(denial: Denial, known: ChangePlaces | null = null): string {
  const { reason } = denial;
  const change = known ?? HERE;
  switch (reason) {
    case "no_permission":
      return `You need ${namedRole(denial.least)} access to this repository to do this. A repository administrator can give you access${known === null ? "" : `, or ${theyCanChange(denial, known)}`}.`;
    case "denied_by_name":
      return `The policy excludes you from this. ${changedBy(denial, change)}`;
    case "app_not_trusted":
      return `The GitHub App ${codeName(denial.app)} wrote this command on your behalf, and the policy doesn't trust it. Write the command yourself. ${changedBy(denial, change)}`;
    case "copilot_account":
      return `The bot starts sessions as ${codeName(denial.login)}, and their agents can act as this account. So this account can't start, steer, or approve anything. Use another one.`;
    case "not_on_the_list":
      return notOnTheList(denial.missing, change);
    case "team_missing":
      return `The policy denies this to ${teams(denial.missing)} that GitHub doesn't know (${GONE}). Nobody can start tasks here until this is fixed.\n\n${listOf(denial.missing)}${overridden(denial, change)}`;
    case "teams_unreadable":
      return "The policy names teams, but the bot isn't allowed to see who is in them. An organization owner can give the App the permission `Members: read-only`.";
    case "unknown_command":
      return unknownCommand(denial.name, denial.nearest);
    case "misplaced_command":
      return misplacedCommand(denial.name, denial.misplaced);
    case "policy_wrong":
      return `Nobody can start tasks here until the policy is fixed.\n\n${denial.problems}`;
    case "repository_archived":
      return "This repository is archived, so nothing can be changed in it. A repository administrator can unarchive it.";
    case "repository_empty":
      return "This repository has no commits yet, so there's nothing for a session to work on. Push a first commit.";
    case "subject_closed":
      return denial.state === "merged"
        ? "This is merged. Copilot only works on open issues and pull requests. Ask on another one."
        : "This is closed. Copilot only works on open issues and pull requests. Reopen it and ask again, or ask on another one.";
    case "subject_locked":
      return "This conversation is locked. A maintainer can unlock it.";
    case "fork":
      return `This pull request comes from a fork, and the policy doesn't allow that. ${changedBy(denial, change)}`;
    case "fork_without_ok":
      return `This pull request comes from a fork, so each new push needs a maintainer's approval. A maintainer can review commit ${shortCommit(denial.commit)} and then comment \`/copilot ok\`.`;
    case "branch_not_eligible":
      return `Copilot may not work on the branch ${codeName(denial.branch)} here. ${changedBy(denial, change)}`;
    case "branch_missing":
      return `The policy names the branch ${codeName(denial.branch)} for issues, but there's no such branch. ${changedBy(denial, change)}`;
    case "cannot_connect":
      return `The policy wants sessions to use their requester's Copilot, but people can't connect theirs to this bot. Its administrator can set that up, or ${theyCanChange(denial, change)}.`;
    case "no_bot_account":
      return `The policy wants sessions to use the bot's Copilot, but this bot has no account of its own. Its administrator can set \`${PROVIDED_ACCOUNTS[denial.account].variable}\`, or ${theyCanChange(denial, change)}.`;
    case "cloud_not_allowed":
    case "self_hosting_off":
    case "self_hosting_repository":
    case "self_hosting_egress":
    case "self_hosting_fork":
      return placementSentence(denial, change);
    case "over_limit":
      return `${overLimit(denial.limit)} ${changedBy(denial, change)} ${freeFrom(denial.freesAt)}`;
    default:
      return reason satisfies never;
  }
}

/** The same for a session that may not run where the policy wants it. */
function placementSentence(denial: HostingDenial, change: ChangePlaces): string {
  const { reason } = denial;
  switch (reason) {
    case "cloud_not_allowed":
      return `The bot's administrator keeps this repository's sessions out of GitHub's cloud (\`SELF_HOSTED_ONLY\`), but the policy runs this task there. ${capitalized(maintainers(change))} can set \`runs_on: self-hosted\` in ${fileLinks(change)}.`;
    case "self_hosting_off":
      return `${SELF_HOSTED}, but this bot runs no sessions there. Its administrator can set that up (\`SELF_HOSTED\`), or ${theyCanChange(denial, change)}.`;
    case "self_hosting_repository":
      return `${SELF_HOSTED}, but this bot runs no sessions of this repository there. Its administrator can add it to \`SELF_HOSTED_REPOSITORIES\`, or ${theyCanChange(denial, change)}.`;
    case "self_hosting_egress":
      return `The policy lets sessions reach the host ${codeName(denial.host)}, but this bot doesn't allow that. Its administrator can add it to \`SELF_HOSTED_EGRESS\`, or ${maintainers(change)} can leave it out of \`egress\` in ${fileLinks(change)}.`;
    case "self_hosting_fork":
      return `${SELF_HOSTED}, and pull requests from forks never run there. ${changedBy(denial, change)}`;
    default:
      return reason satisfies never;
  }
}

const SELF_HOSTED = "The policy wants this to run on the bot administrator's own machines";

const GONE = "renamed, deleted, or hidden from the App";

/** Who can change what stands in the way, and where. */
function changedBy(denial: PolicyDenial, change: ChangePlaces): string {
  return changeSentence(denyingName(denial), change);
}

/** The same, as part of a sentence. */
function theyCanChange(denial: PolicyDenial, change: ChangePlaces): string {
  return `${maintainers(change)} can change \`${denyingName(denial)}\` in ${fileLinks(change)}`;
}

/** That a repository's own file may say something else than the organization's, where it doesn't yet. */
function overridden(denial: PolicyDenial, { places }: ChangePlaces): string {
  const isUnsaid = places.some(({ of, said }) => of === "repository" && said === null);
  if (!isUnsaid || places.length === 1) return "";
  return `\n\nMaintainers of this repository can also override this: \`${denyingName(denial)}\` in its own \`.github/copilot-tasks.yml\`.`;
}

function notOnTheList(missing: readonly MissingTeam[], change: ChangePlaces): string {
  const who = capitalized(maintainers(change));
  const sentence = `Only people and teams that the policy names can start this. ${who} can add you: \`permissions\` in ${fileLinks(change)}.`;
  if (missing.length === 0) return sentence;
  return `${sentence}\n\nThe policy names ${teams(missing)} that GitHub doesn't know (${GONE}):\n\n${listOf(missing)}`;
}

function teams({ length }: readonly MissingTeam[]): string {
  return length === 1 ? "a team" : "teams";
}

/** A comment has only so much room. */
const MAX_LISTED = 20;

/** Each team and place, and who can change it. */
function listOf(missing: readonly MissingTeam[]): string {
  const lines = missing.flatMap(({ team, places }) => {
    if (places.length === 0) return [`- ${codeName(team)}`];
    return places.map((place) => `- ${codeName(team)}: ${placed(place)}`);
  });
  const left = lines.length - MAX_LISTED;
  const more = left > 0 ? [`- … and ${count(left, "place")} more`] : [];
  return [...lines.slice(0, MAX_LISTED), ...more].join("\n");
}

function placed({ of, url, line, column }: FilePlace): string {
  const [whose, who] =
    of === "repository"
      ? ["this repository's", "maintainers can change it"]
      : ["the organization's", "maintainers of its repository `.github` can change it"];
  return `line ${line}, column ${column} of [${whose} policy file](${url}) (${who})`;
}

function unknownCommand(name: string, nearest: string | null): string {
  const meant = nearest === null ? "" : ` Did you mean \`/copilot ${nearest}\`?`;
  return `There's no command ${codeName(`/copilot ${name}`)} here.${meant} \`/copilot help\` lists the commands.`;
}

function misplacedCommand(name: string, misplaced: Misplacement): string {
  const command = codeName(`/copilot ${name}`);
  return `${command} wasn't run because ${MISPLACED[misplaced]}. To run it, write a new comment with ${command} at the start of its own line, without formatting, and with a blank line above it.`;
}

const WHO: Record<Limit["scope"], string> = {
  requester: "You've",
  repository: "This repository has",
  organization: "This organization has",
};

function overLimit({ scope, per, most }: Limit): string {
  return `${WHO[scope]} reached the limit of ${count(most, "task")} per ${per}.`;
}

function freeFrom(freesAt: string): string {
  // To the next whole minute: a little late is right, a little early is not.
  const whole = new Date(Date.parse(freesAt) + 59_999).toISOString();
  const [date, time] = [whole.slice(0, 10), whole.slice(11, 16)];
  return `The next task can start after ${date} ${time} UTC.`;
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
