import { expect, test } from "vitest";
import { createPolicies } from "../../src/runner/receive/policies.ts";
import { surveyWith } from "../core/survey.ts";
import { taskWith } from "../core/task.ts";

const github = { text: () => Promise.resolve(null) };

/** A policy file as a survey finds it. */
function versionOf(text: string) {
  return { commit: "c0ffee", file: { blob: text, text } };
}

test.each([
  {
    of: "the repository",
    repository: "forks: deny\nprompts:\n  fix:\n    path: prompts/fix.md\n",
    organization: "prompts: { fix: { path: other.md } }\n",
    problems: [
      "The [policy file of this repository](https://github.com/octo-org/hello/blob/c0ffee/.github/copilot-tasks.yml) has problems:",
      "",
      "- line 4, column 11: `prompts.fix`: there's no text file `prompts/fix.md` on the default branch.",
    ],
  },
  {
    of: "the organization",
    repository: "forks: deny\n",
    organization: "prompts:\n  triage: Look.\n  fix: { path: prompts/fix.md }\n",
    problems: [
      "The [policy file of the organization](https://github.com/octo-org/.github/blob/c0ffee/.github/copilot-tasks.yml) has problems:",
      "",
      "- line 3, column 16: `prompts.fix`: there's no text file `prompts/fix.md` on the default branch.",
    ],
  },
])("a missing prompt file is reported with the place in the file of $of", async (given) => {
  const { repository, organization, problems } = given;
  const policy = { repository: versionOf(repository), organization: versionOf(organization) };
  const [task, survey] = [taskWith(), surveyWith({ policy })];
  const policies = createPolicies(github, "https://github.com");
  const reading = policies.read(task, survey);
  if (reading.type !== "policy") throw new TypeError(reading.problems);
  expect(await policies.templateOf(task, survey, reading.policy, "fix")).toEqual({
    type: "problems",
    problems: problems.join("\n"),
  });
});
