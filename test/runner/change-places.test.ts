import { expect, test } from "vitest";
import { denialSentence } from "../../src/core/comment/denied.ts";
import { denyingSetting, SETTING_OF_DENIAL } from "../../src/core/task/denying-setting.ts";
import type { Denial } from "../../src/core/task/denial.ts";
import { changePlaces } from "../../src/runner/receive/change-places.ts";
import { createPolicies } from "../../src/runner/receive/policies.ts";
import { surveyWith } from "../core/survey.ts";
import { COMMANDED, taskWith } from "../core/task.ts";

const ORIGIN = "https://github.com";
const COMMIT = surveyWith().policy.repository.commit;

function file(text: string) {
  return { commit: COMMIT, file: text === "" ? null : { blob: text, text } };
}

/** What a comment says about a denial of `/copilot triage` with these two files. */
function sentence(denial: Denial, organization: string, repository: string): string {
  const policies = createPolicies({ text: () => Promise.resolve(null) }, ORIGIN);
  const policy = { organization: file(organization), repository: file(repository) };
  const survey = surveyWith({ policy });
  const task = taskWith(COMMANDED);
  const reading = policies.read(task, survey);
  return denialSentence(
    denial,
    changePlaces(policies, task, { reading, facts: { survey } }, denyingSetting(denial)),
  );
}

/** The links to a line of each policy file. */
const own = (line: number) =>
  `[this repository's policy file](${ORIGIN}/octo-org/hello/blob/${COMMIT}/.github/copilot-tasks.yml#L${line})`;
const organizations = (line: number) =>
  `[the organization's policy file](${ORIGIN}/octo-org/.github/blob/${COMMIT}/.github/copilot-tasks.yml#L${line})`;

const HERE = "`.github/copilot-tasks.yml`";
const EITHER = "maintainers of this repository or of the organization's repository `.github`";
const BOTH = "Maintainers of this repository and of the organization's repository `.github`";
const THEIRS = "maintainers of the organization's repository `.github`";

const limit = { scope: "requester", per: "hour", most: 5 } as const;
const permissions = (part: string) =>
  `permissions:\n  fix: { least: admin, allow: { users: [hubot] }, deny: { users: [octocat] } }\n  triage: ${part}`;
const runsOn = "runs_on:\n  fix: self-hosted-if-blocked\n  triage: self-hosted";
const whole = (text: string) => `# This repository's\n\n${text}`;

/** Whether the organization decides about it alone as soon as it's enforced, or only if its file says it, or never. */
type Enforced = "organization's" | "organization's if said" | "repository's";

/** Each denial by the policy, and how a file says it for the task's kind in its third line. */
const SETTINGS: readonly [denial: Denial, setting: string, Enforced][] = [
  [{ reason: "no_permission", least: "admin" }, permissions("{ least: admin }"), "organization's"],
  [{ reason: "denied_by_name" }, permissions("{ deny: { users: [octocat] } }"), "organization's"],
  [
    { reason: "not_on_the_list", missing: [] },
    permissions("{ allow: { users: [hubot] } }"),
    "organization's",
  ],
  [{ reason: "app_not_trusted", app: "slack" }, whole("trusted_apps: [linear]"), "organization's"],
  [{ reason: "fork" }, whole("forks: deny"), "organization's"],
  [
    { reason: "branch_not_eligible", branch: "feature" },
    whole("branches: { eligible: [main] }"),
    "organization's",
  ],
  [
    { reason: "branch_missing", branch: "develop" },
    whole("branches: { issues: develop }"),
    "organization's if said",
  ],
  [{ reason: "cannot_connect" }, "identity:\n  fix: bot\n  triage: requester", "organization's"],
  [
    { reason: "no_bot_account", account: "bot" },
    "identity:\n  fix: requester\n  triage: bot",
    "repository's",
  ],
  [
    { reason: "cloud_not_allowed" },
    "runs_on:\n  fix: self-hosted\n  triage: cloud",
    "organization's",
  ],
  [{ reason: "self_hosting_off" }, runsOn, "repository's"],
  [{ reason: "self_hosting_repository" }, runsOn, "repository's"],
  [{ reason: "self_hosting_fork" }, runsOn, "repository's"],
  [
    { reason: "self_hosting_egress", host: "a.example.com" },
    whole("egress: [a.example.com]"),
    "repository's",
  ],
  [
    { reason: "over_limit", limit, freesAt: "2026-12-01T12:00:00.000Z" },
    whole("limits: { requester: { hour: 5 } }"),
    "organization's if said",
  ],
];

const UNSAID = { who: "maintainers", where: HERE };
const REPOSITORYS = { who: "maintainers", where: own(3) };
const OVERRIDABLE = { who: EITHER, where: `this repository's ${HERE} or ${organizations(3)}` };
const ENFORCED = { who: THEIRS, where: organizations(3) };
/** Nobody says it, and a repository can't be looser than what's built in: the organization's file says that. */
const ENFORCED_UNSAID = { who: THEIRS, where: organizations(1) };

test("each denial by the policy is here", () => {
  const changeable = Object.entries(SETTING_OF_DENIAL).filter(([, setting]) => setting !== null);
  const here = SETTINGS.map(([{ reason }]) => reason);
  // What's said of a missing team lists each place (test/core/comment/denied.test.ts).
  const all = [...here, "team_missing"];
  expect(all.toSorted()).toEqual(changeable.map(([reason]) => reason).toSorted());
});

test.each(
  SETTINGS.map(([denial, setting, whose]) => [denial.reason, denial, setting, whose] as const),
)(
  "%s: the comment names who can change it, and in which file",
  (_reason, denial, setting, whose) => {
    const [section = ""] = /^[a-z_]+(?=:)/mu.exec(setting) ?? [];
    const enforced = `enforced: [${section}]`;
    const expectChange = (
      organization: string,
      repository: string,
      { who, where }: { readonly who: string; readonly where: string },
    ) => {
      const said = sentence(denial, organization, repository);
      const rest = said.slice(said.search(/[Mm]aintainers/u));
      expect(rest.slice(1, rest.indexOf(" can "))).toBe(who.slice(1));
      expect(rest).toContain(` in ${where}.`);
    };
    expectChange("", "", UNSAID);
    expectChange("", setting, REPOSITORYS);
    expectChange(setting, "", OVERRIDABLE);
    expectChange(`${setting}\n${enforced}`, "", whose === "repository's" ? OVERRIDABLE : ENFORCED);
    expectChange(enforced, "", whose === "organization's" ? ENFORCED_UNSAID : UNSAID);
  },
);

test("what neither file says for a kind is changed where it's said for the others", () => {
  const denial = { reason: "self_hosting_off" } as const;
  const said = sentence(
    denial,
    "runs_on: self-hosted",
    "runs_on:\n  fix: cloud\n  default: self-hosted",
  );
  expect(said).toBe(
    `The policy wants this to run on the bot administrator's own machines, but this bot runs no sessions there. Its administrator can set that up (\`SELF_HOSTED\`), or maintainers can change \`runs_on\` in ${own(3)}.`,
  );
});

test("where both lists count, both have to be changed", () => {
  const list = "branches: { eligible: [main] }";
  const denial = { reason: "branch_not_eligible", branch: "feature" } as const;
  const organization = `enforced: [branches]\n${list}`;
  expect(sentence(denial, organization, "branches: { eligible: [next] }")).toBe(
    `Copilot may not work on the branch \`feature\` here. ${BOTH} can change this: \`branches.eligible\` in ${own(1)} and ${organizations(2)}.`,
  );
});

test("who can change a permission of the organization's is named beside who can give access", () => {
  const denial = { reason: "no_permission", least: "maintain" } as const;
  expect(sentence(denial, "enforced: true\npermissions:\n  triage: { least: maintain }", "")).toBe(
    `You need maintain access to this repository to do this. A repository administrator can give you access, or ${THEIRS} can change \`permissions\` in ${organizations(3)}.`,
  );
});
