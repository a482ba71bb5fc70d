import { expect, test } from "vitest";
import type { Denial } from "../../src/core/denial.ts";
import { sentenceOf } from "../../src/core/denial.ts";

const limit = { scope: "requester", per: "hour", most: 5 } as const;
const freesAt = "2026-11-21T12:34:56.000Z";

const url = "https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml";
const PLACE = { of: "repository", url, line: 3, column: 26 } as const;

const DENIALS: readonly Denial[] = [
  { reason: "no_permission", least: "write" },
  { reason: "no_permission", least: "admin" },
  { reason: "denied_by_name" },
  { reason: "not_on_the_list", missing: [] },
  { reason: "not_on_the_list", missing: [{ team: "octo-org/core", places: [PLACE] }] },
  { reason: "team_missing", missing: [{ team: "octo-org/core", places: [PLACE] }] },
  {
    reason: "team_missing",
    missing: [
      { team: "octo-org/core", places: [{ ...PLACE, of: "organisation" }] },
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
  { reason: "over_limit", limit, freesAt },
  { reason: "over_limit", limit: { scope: "repository", per: "day", most: 1 }, freesAt },
  { reason: "over_limit", limit: { scope: "organisation", per: "day", most: 500 }, freesAt },
  { reason: "too_many_at_once", most: 1 },
  { reason: "too_many_at_once", most: 3 },
];

test("each denial has its sentence: what is missing, and who can change it", () => {
  const sentences = DENIALS.map((denial) => `${denial.reason}: ${sentenceOf(denial)}`);
  expect(sentences.join("\n")).toMatchInlineSnapshot(`
    "no_permission: Only people with write access to this repository can start this here. An administrator of the repository can give it, or change \`permissions\` in \`.github/copilot-tasks.yml\`.
    no_permission: Only people with administrator access to this repository can start this here. An administrator of the repository can give it, or change \`permissions\` in \`.github/copilot-tasks.yml\`.
    denied_by_name: The policy of this repository excludes you from this: \`permissions\` in \`.github/copilot-tasks.yml\`, which its maintainers can change.
    not_on_the_list: Only people and teams that \`permissions\` in \`.github/copilot-tasks.yml\` names can start this here. The repository's maintainers can add you.
    not_on_the_list: Only people and teams that \`permissions\` in \`.github/copilot-tasks.yml\` names can start this here. The repository's maintainers can add you.

    It names a team that GitHub does not know, by which nobody gets in: renamed or deleted, or hidden from the App.

    - \`octo-org/core\`: line 3, column 26 of the [policy file of this repository](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml), which its maintainers can change
    team_missing: The policy denies this to a team that GitHub does not know: renamed or deleted, or hidden from the App. Until that is mended nobody can start this here.

    - \`octo-org/core\`: line 3, column 26 of the [policy file of this repository](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml), which its maintainers can change
    team_missing: The policy denies this to teams that GitHub does not know: renamed or deleted, or hidden from the App. Until that is mended nobody can start this here.

    - \`octo-org/core\`: line 3, column 26 of the [policy file of the organisation](https://github.com/octo-org/hello/blob/HEAD/.github/copilot-tasks.yml), which the maintainers of its repository \`.github\` can change
    - \`octo-org/gone\`
    teams_unreadable: The policy of this repository names teams, and the bot may not read who is in them. An owner of the organisation can give the App the permission \`Members: read-only\`.
    unknown_command: There is no command \`/copilot traige\` here. Did you mean \`/copilot triage\`? \`/copilot help\` tells which there are.
    unknown_command: There is no command \`/copilot frobnicate\` here. \`/copilot help\` tells which there are.
    policy_wrong: Nothing starts here until the policy is mended.

    - line 1, column 1: unknown key
    repository_archived: This repository is archived: nothing can be changed in it. One of its administrators can unarchive it.
    repository_empty: This repository has no commit yet: there is nothing for a session to work on.
    subject_closed: This is closed: Copilot tasks work on what is open. Reopen it, or ask on another one.
    subject_closed: This is merged: Copilot tasks work on what is open. Reopen it, or ask on another one.
    subject_locked: This conversation is locked. A maintainer can unlock it.
    fork: This pull request comes from a fork, and the policy denies these: \`forks\` in \`.github/copilot-tasks.yml\`, which the repository's maintainers can change.
    fork_without_ok: This pull request comes from a fork. A maintainer who has looked at its commit \`0123456\` can write \`/copilot ok\`; then ask again. A new push asks for a new look.
    branch_not_eligible: The branch \`\` a\`b @octocat \`\` is not among those that Copilot tasks may work on: \`branches\` in \`.github/copilot-tasks.yml\`, which the repository's maintainers can change.
    branch_missing: The policy names the branch \`develop\` for issues, and there is none of this name: \`branches\` in \`.github/copilot-tasks.yml\`.
    over_limit: One person may start 5 tasks in an hour (\`limits.requester.hour\` in \`.github/copilot-tasks.yml\`), and they are used up. The next may start from 2026-11-21 12:35 UTC.
    over_limit: This repository may start 1 task in a day (\`limits.repository.day\` in \`.github/copilot-tasks.yml\`), and they are used up. The next may start from 2026-11-21 12:35 UTC.
    over_limit: This organisation may start 500 tasks in a day (\`limits.organisation.day\` in \`.github/copilot-tasks.yml\`), and they are used up. The next may start from 2026-11-21 12:35 UTC.
    too_many_at_once: 1 task of this repository is running, which is as many as the policy allows at once (\`limits\` in \`.github/copilot-tasks.yml\`). Ask again when one of them has ended.
    too_many_at_once: 3 tasks of this repository are running, which is as many as the policy allows at once (\`limits\` in \`.github/copilot-tasks.yml\`). Ask again when one of them has ended."
  `);
});

test("of many teams that are missing the first are listed", () => {
  const missing = Array.from({ length: 30 }, (_, index) => {
    return { team: `octo-org/team-${index}`, places: [PLACE] };
  });
  const sentence = sentenceOf({ reason: "team_missing", missing });
  expect(sentence.match(/^- `/gmu)).toHaveLength(20);
  expect(sentence).toMatch(/\n- … and 10 places more$/u);
});
