import { describe, it } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { steady, useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, inOrganization, LINK } from "./story.ts";
import { newIssue, ONE_SESSION, promptsIn, withPolicy } from "./story.ts";

const names = ["inline", "path", "no-path", "runaway", "bad-file", "built-in", "trusted", "all"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

/** What a prompt says before the bot's own words. */
function wantedBy(prompt = ""): string {
  return steady(prompt.split("\n\nRepository: ", 1)[0] ?? "", world);
}

describe.concurrent("a template", () => {
  it("in the policy file has its variables filled in", async ({ expect }) => {
    await withPolicy(
      world,
      "inline",
      `prompts:
  fix: |
    {% if subject_type == "issue" %}Fix{% else %}Change{% endif %} {{ subject }} of {{ owner }}/{{ repository }}
    ({{ subject_url }}, number {{ subject_number }}), {{ kind }}, for {{ requester }},
    on {{ branch }} at {{ commit }}.
`,
    );
    await answerIn(world, "writer", "inline", "/copilot fix with a test");
    const [prompt = ""] = promptsIn(world, "inline");
    expect(wantedBy(prompt)).toMatchInlineSnapshot(`
      "Fix issue #1 of octo-org/inline
      (https://GITHUB/octo-org/inline/issues/1, number 1), fix, for writer,
      on "main" at COMMIT."
    `);
    expect(prompt).toMatch(/\[[0-9a-f]{32} the requester adds\]\nwith a test\n/u);
    expect(askedAbout(world, "inline")).toEqual(ONE_SESSION);
  });

  it("in a file of its own is read from the default branch, each time anew", async ({ expect }) => {
    const repository = await withPolicy(
      world,
      "path",
      "prompts: { triage: { path: .github/copilot/look.md } }",
    );
    const path = ".github/copilot/look.md";
    await world.github.writeFile(repository, path, "Look at {{ subject }}.\n");
    await answerIn(world, "writer", "path", "copilot:triage");
    await world.github.writeFile(repository, path, "Look twice at {{ subject }}.\n");
    await answerIn(world, "writer", "path", "/copilot triage");
    expect(promptsIn(world, "path").map(wantedBy)).toEqual([
      "Look at issue #1.",
      "Look twice at issue #2.",
    ]);
  });

  it("whose file is missing is reported, and nothing starts", async ({ expect }) => {
    await withPolicy(
      world,
      "no-path",
      "forks: deny\nprompts:\n  fix: { path: .github/copilot/fix.md }\n",
    );
    const comment = await answerIn(world, "writer", "no-path", "copilot:fix");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: fix

      Nobody can start tasks here until the policy is fixed.

      The [policy file of this repository](https://GITHUB/octo-org/no-path/blob/COMMIT/.github/copilot-tasks.yml) has problems:

      - line 3, column 16: \`prompts.fix\`: there's no text file \`.github/copilot/fix.md\` on the default branch.

      After that, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:fix\`
      - Repository \`octo-org/no-path\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/no-path/commit/COMMIT)
      - Reason \`policy_wrong\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(askedAbout(world, "no-path")).toEqual([]);
    // Kinds that don't need the file still work.
    await answerIn(world, "writer", "no-path", "/copilot triage");
    expect(askedAbout(world, "no-path")).toEqual(ONE_SESSION);
  });

  it("that fails only when it's rendered is reported, and nothing starts", async ({ expect }) => {
    await withPolicy(
      world,
      "runaway",
      `prompts:
  fix: "{% for i in (1..3000) %}0123456789{% endfor %}"
  triage: "{% for i in (1..999999999) %}{{ i }}{% endfor %}"
`,
    );
    const long = await answerIn(world, "writer", "runaway", "copilot:fix");
    expect(long).toContain(
      "The template `prompts.fix` has problems:\n\n- line 1, column 1: its output has more than 20,000 characters",
    );
    const endless = await answerIn(world, "writer", "runaway", "/copilot triage");
    expect(endless).toContain("The template `prompts.triage` has problems:");
    expect(endless).toContain("memory alloc limit exceeded");
    expect(askedAbout(world, "runaway")).toEqual([]);
  });

  it("whose file is invalid is reported with line and column, and nothing starts", async ({
    expect,
  }) => {
    const policy = "prompts: { triage: { path: look.md } }";
    const repository = await withPolicy(world, "bad-file", policy);
    const text = "Look at it.\nIts title is {{ title }}; {% include 'secrets' %}\n";
    await world.github.writeFile(repository, "look.md", text);
    const comment = await answerIn(world, "writer", "bad-file", "/copilot triage");
    expect(comment).toContain("- line 2, column 27: unknown tag `include`");
    expect(askedAbout(world, "bad-file")).toEqual([]);
  });

  it("is built in for fix, review and ask", async ({ expect }) => {
    await answerIn(world, "writer", "built-in", "copilot:fix");
    await answerIn(world, "writer", "built-in", "/copilot ask Where is the clock?");
    const pull = await world.github
      .as("octocat")
      .openPullRequest(hello, { title: "Greet", head: "feature" });
    await answerTo(world, "writer", pull, "copilot:review");
    const prompts = [...promptsIn(world, "built-in"), ...promptsIn(world, "hello")];
    expect(prompts.map((prompt) => wantedBy(prompt).split("\n")[0])).toEqual([
      "Fix the problem described in issue #1 of the GitHub repository octo-org/built-in.",
      "Answer a question about issue #2 of the GitHub repository octo-org/built-in.",
      "Review pull request #1 of the GitHub repository octo-org/hello.",
    ]);
    expect(prompts[1]).toMatch(/\[[0-9a-f]{32} the requester adds\]\nWhere is the clock\?\n/u);
  });
});

/** An issue with comments of four people. */
async function discussed(repo: string) {
  const issue = await newIssue(world, repo, "It is slow.");
  for (const login of ["writer", "reader", "stranger", "octocat"]) {
    await world.github.as(login).comment(issue, `Words of ${login}.`);
  }
  return issue;
}

/** What of that a prompt shows. */
function wordsIn(prompt = ""): string[] | null {
  return prompt.match(/^Words of .*$/gmu);
}

describe.concurrent("the context", () => {
  it("is by default what people with write access say; the others are counted", async ({
    expect,
  }) => {
    const comment = await answerTo(world, "writer", await discussed("trusted"), "copilot:triage");
    expect(comment).toContain("- Prompt: 2 comments by people without write access were left out.");
    const [prompt] = promptsIn(world, "trusted");
    expect(wordsIn(prompt)).toEqual(["Words of writer.", "Words of octocat."]);
    expect(prompt).toContain("It is slow.");

    await withPolicy(world, "trusted", "context: trusted");
    const issue = await newIssue(world, "trusted");
    await world.github.as("reader").comment(issue, "Words of reader.");
    const one = await answerTo(world, "writer", issue, "copilot:triage");
    expect(one).toContain("- Prompt: 1 comment by people without write access was left out.");
  });

  it("is everybody's where the policy says so", async ({ expect }) => {
    await world.github.writeFile(
      inOrganization("all"),
      ".github/copilot-tasks.yml",
      "context: all",
    );
    const comment = await answerTo(world, "writer", await discussed("all"), "copilot:triage");
    expect(comment).toContain(LINK);
    expect(comment).not.toContain("left out");
    const people = ["writer", "reader", "stranger", "octocat"];
    expect(wordsIn(promptsIn(world, "all")[0])).toEqual(
      people.map((login) => `Words of ${login}.`),
    );
  });
});
