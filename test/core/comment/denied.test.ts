import { expect, test } from "vitest";
import { SETTING_OF_DENIAL } from "../../../src/core/task/denying-setting.ts";
import type { ChangePlaces, Denial } from "../../../src/core/task/denial.ts";
import { denialSentence } from "../../../src/core/comment/denied.ts";

const limit = { scope: "requester", per: "hour", most: 5 } as const;
const freesAt = "2026-11-21T12:34:56.000Z";

const url = "https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml";
const PLACE = { of: "repository", url, line: 3, column: 26 } as const;

const SAID = { of: "repository", said: PLACE } as const;
const UNSAID = { of: "repository", said: null } as const;

const DENIALS: readonly Denial[] = [
  { reason: "no_permission", least: "write" },
  { reason: "no_permission", least: "admin" },
  { reason: "denied_by_name" },
  { reason: "app_not_trusted", app: "slack" },
  { reason: "copilot_account", login: "copilot-seat" },
  { reason: "not_on_the_list", missing: [] },
  { reason: "not_on_the_list", missing: [{ team: "octo-org/core", places: [PLACE] }] },
  { reason: "team_missing", missing: [{ team: "octo-org/core", places: [PLACE] }] },
  {
    reason: "team_missing",
    missing: [
      { team: "octo-org/core", places: [{ ...PLACE, of: "organization" }] },
      { team: "octo-org/gone", places: [] },
    ],
  },
  { reason: "teams_unreadable" },
  { reason: "unknown_command", name: "traige", nearest: "triage" },
  { reason: "unknown_command", name: "frobnicate", nearest: null },
  { reason: "policy_wrong", problems: "- line 1, column 1: unknown key" },
  { reason: "repository_archived" },
  { reason: "repository_empty" },
  { reason: "subject_closed", state: "closed" },
  { reason: "subject_closed", state: "merged" },
  { reason: "subject_locked" },
  { reason: "fork" },
  { reason: "fork_without_ok", commit: "0123456789abcdef0123456789abcdef01234567" },
  { reason: "branch_not_eligible", branch: "a`b\n@octocat" },
  { reason: "branch_missing", branch: "develop" },
  { reason: "cannot_connect" },
  { reason: "no_bot_account", account: "bot" },
  { reason: "cloud_not_allowed" },
  { reason: "self_hosting_off" },
  { reason: "self_hosting_repository" },
  { reason: "self_hosting_egress", host: "registry.example.com" },
  { reason: "self_hosting_fork" },
  { reason: "over_limit", limit, freesAt },
  { reason: "over_limit", limit: { scope: "repository", per: "day", most: 1 }, freesAt },
  { reason: "over_limit", limit: { scope: "organization", per: "day", most: 500 }, freesAt },
];

test("each denial has its sentence: what is missing, and who can change it", () => {
  const sentences = DENIALS.map((denial) => {
    return `${denial.reason}: ${denialSentence(denial, { places: [UNSAID], inAll: false })}`;
  });
  expect(sentences.join("\n")).toMatchInlineSnapshot(`
    "no_permission: You need write access to this repository to do this. A repository administrator can give you access, or maintainers can change \`permissions\` in \`.github/copilot-tasks.yml\`.
    no_permission: You need administrator access to this repository to do this. A repository administrator can give you access, or maintainers can change \`permissions\` in \`.github/copilot-tasks.yml\`.
    denied_by_name: The policy excludes you from this. Maintainers can change this: \`permissions\` in \`.github/copilot-tasks.yml\`.
    app_not_trusted: The GitHub App \`slack\` wrote this command on your behalf, and the policy doesn't trust it. Write the command yourself. Maintainers can change this: \`trusted_apps\` in \`.github/copilot-tasks.yml\`.
    copilot_account: The bot starts sessions as \`copilot-seat\`, and their agents can act as this account. So this account can't start, steer, or approve anything. Use another one.
    not_on_the_list: Only people and teams that the policy names can start this. Maintainers can add you: \`permissions\` in \`.github/copilot-tasks.yml\`.
    not_on_the_list: Only people and teams that the policy names can start this. Maintainers can add you: \`permissions\` in \`.github/copilot-tasks.yml\`.

    The policy names a team that GitHub doesn't know (renamed, deleted, or hidden from the App):

    - \`octo-org/core\`: line 3, column 26 of [this repository's policy file](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml) (maintainers can change it)
    team_missing: The policy denies this to a team that GitHub doesn't know (renamed, deleted, or hidden from the App). Nobody can start tasks here until this is fixed.

    - \`octo-org/core\`: line 3, column 26 of [this repository's policy file](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml) (maintainers can change it)
    team_missing: The policy denies this to teams that GitHub doesn't know (renamed, deleted, or hidden from the App). Nobody can start tasks here until this is fixed.

    - \`octo-org/core\`: line 3, column 26 of [the organization's policy file](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml) (maintainers of its repository \`.github\` can change it)
    - \`octo-org/gone\`
    teams_unreadable: The policy names teams, but the bot isn't allowed to see who is in them. An organization owner can give the App the permission \`Members: read-only\`.
    unknown_command: There's no command \`/copilot traige\` here. Did you mean \`/copilot triage\`? \`/copilot help\` lists the commands.
    unknown_command: There's no command \`/copilot frobnicate\` here. \`/copilot help\` lists the commands.
    policy_wrong: Nobody can start tasks here until the policy is fixed.

    - line 1, column 1: unknown key
    repository_archived: This repository is archived, so nothing can be changed in it. A repository administrator can unarchive it.
    repository_empty: This repository has no commits yet, so there's nothing for a session to work on. Push a first commit.
    subject_closed: This is closed. Copilot only works on open issues and pull requests. Reopen it and ask again, or ask on another one.
    subject_closed: This is merged. Copilot only works on open issues and pull requests. Ask on another one.
    subject_locked: This conversation is locked. A maintainer can unlock it.
    fork: This pull request comes from a fork, and the policy doesn't allow that. Maintainers can change this: \`forks\` in \`.github/copilot-tasks.yml\`.
    fork_without_ok: This pull request comes from a fork, so each new push needs a maintainer's approval. A maintainer can review commit \`0123456\` and then comment \`/copilot ok\`.
    branch_not_eligible: Copilot may not work on the branch \`\` a\`b @octocat \`\` here. Maintainers can change this: \`branches.eligible\` in \`.github/copilot-tasks.yml\`.
    branch_missing: The policy names the branch \`develop\` for issues, but there's no such branch. Maintainers can change this: \`branches.issues\` in \`.github/copilot-tasks.yml\`.
    cannot_connect: The policy wants sessions to use their requester's Copilot, but people can't connect theirs to this bot. Its administrator can set that up, or maintainers can change \`identity\` in \`.github/copilot-tasks.yml\`.
    no_bot_account: The policy wants sessions to use the bot's Copilot, but this bot has no account of its own. Its administrator can set \`COPILOT_GITHUB_TOKEN\`, or maintainers can change \`identity\` in \`.github/copilot-tasks.yml\`.
    cloud_not_allowed: The bot's administrator keeps this repository's sessions out of GitHub's cloud (\`SELF_HOSTED_ONLY\`), but the policy runs this task there. Maintainers can set \`runs_on: self-hosted\` in \`.github/copilot-tasks.yml\`.
    self_hosting_off: The policy wants this to run on the bot administrator's own machines, but this bot runs no sessions there. Its administrator can set that up (\`SELF_HOSTED\`), or maintainers can change \`runs_on\` in \`.github/copilot-tasks.yml\`.
    self_hosting_repository: The policy wants this to run on the bot administrator's own machines, but this bot runs no sessions of this repository there. Its administrator can add it to \`SELF_HOSTED_REPOSITORIES\`, or maintainers can change \`runs_on\` in \`.github/copilot-tasks.yml\`.
    self_hosting_egress: The policy lets sessions reach the host \`registry.example.com\`, but this bot doesn't allow that. Its administrator can add it to \`SELF_HOSTED_EGRESS\`, or maintainers can leave it out of \`egress\` in \`.github/copilot-tasks.yml\`.
    self_hosting_fork: The policy wants this to run on the bot administrator's own machines, and pull requests from forks never run there. Maintainers can change this: \`runs_on\` in \`.github/copilot-tasks.yml\`.
    over_limit: You've reached the limit of 5 tasks per hour. Maintainers can change this: \`limits.requester.hour\` in \`.github/copilot-tasks.yml\`. The next task can start after 2026-11-21 12:35 UTC.
    over_limit: This repository has reached the limit of 1 task per day. Maintainers can change this: \`limits.repository.day\` in \`.github/copilot-tasks.yml\`. The next task can start after 2026-11-21 12:35 UTC.
    over_limit: This organization has reached the limit of 500 tasks per day. Maintainers can change this: \`limits.organization.day\` in \`.github/copilot-tasks.yml\`. The next task can start after 2026-11-21 12:35 UTC."
  `);
});

const ORGANIZATIONS = { of: "organization", said: { ...PLACE, of: "organization" } } as const;

const OWN_FILE = `[this repository's policy file](${url}#L3)`;
const ORGANIZATIONS_FILE = `[the organization's policy file](${url}#L3)`;
const BOTH = "maintainers of this repository";
const OF_ORGANIZATION = "of the organization's repository `.github`";

/** Who can change what denies something, and in which files. */
const CHANGES: readonly [who: string, where: string, change: ChangePlaces][] = [
  ["maintainers", "`.github/copilot-tasks.yml`", { places: [UNSAID], inAll: false }],
  ["maintainers", OWN_FILE, { places: [SAID], inAll: false }],
  [`maintainers ${OF_ORGANIZATION}`, ORGANIZATIONS_FILE, { places: [ORGANIZATIONS], inAll: false }],
  [
    `${BOTH} or ${OF_ORGANIZATION}`,
    `this repository's \`.github/copilot-tasks.yml\` or ${ORGANIZATIONS_FILE}`,
    { places: [UNSAID, ORGANIZATIONS], inAll: false },
  ],
  [
    `${BOTH} or ${OF_ORGANIZATION}`,
    `${OWN_FILE} or ${ORGANIZATIONS_FILE}`,
    { places: [SAID, ORGANIZATIONS], inAll: false },
  ],
  [
    `${BOTH} and ${OF_ORGANIZATION}`,
    `${OWN_FILE} and ${ORGANIZATIONS_FILE}`,
    { places: [SAID, ORGANIZATIONS], inAll: true },
  ],
];

/** Of a team that's missing, each place is listed. */
const CHANGEABLE = DENIALS.filter(
  ({ reason }) => SETTING_OF_DENIAL[reason] !== null && reason !== "team_missing",
);

test.each(CHANGES)("who can change what the policy denies: %s in %s", (who, where, change) => {
  expect(CHANGEABLE.length).toBeGreaterThan(15);
  for (const denial of CHANGEABLE) {
    const sentence = denialSentence(denial, change);
    expect(sentence).toMatch(/ [Mm]aintainers/u);
    const rest = sentence.slice(sentence.search(/[Mm]aintainers/u));
    expect(rest.slice(1, rest.indexOf(" can "))).toBe(who.slice(1));
    expect(rest).toContain(` in ${where}.`);
  }
});

test("a list of the organization's that denies a missing team can be overridden, unless it's enforced", () => {
  const denial = {
    reason: "team_missing",
    missing: [{ team: "octo-org/gone", places: [ORGANIZATIONS.said] }],
  } as const;
  const override =
    "\n\nMaintainers of this repository can also override this: `permissions` in its own `.github/copilot-tasks.yml`.";
  const enforced = denialSentence(denial, { places: [ORGANIZATIONS], inAll: false });
  expect(enforced).toMatch(/ can change it\)$/u);
  const places = [UNSAID, ORGANIZATIONS];
  expect(denialSentence(denial, { places, inAll: false })).toBe(`${enforced}${override}`);
});

test("where the policy doesn't decide about a role, nobody is sent to it", () => {
  expect(denialSentence({ reason: "no_permission", least: "write" })).toBe(
    "You need write access to this repository to do this. A repository administrator can give you access.",
  );
});

test("of many teams that are missing the first are listed", () => {
  const missing = Array.from({ length: 30 }, (_, index) => {
    return { team: `octo-org/team-${index}`, places: [PLACE] };
  });
  const sentence = denialSentence({ reason: "team_missing", missing });
  expect(sentence.match(/^- `/gmu)).toHaveLength(20);
  expect(sentence).toMatch(/\n- … and 10 places more$/u);
});
