import { describe, expect, it } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { steady, useWorld } from "../world.ts";
import { answerIn, answerTo, askedAbout, inOrganization, LINK, newIssue } from "./story.ts";
import { ONE_SESSION, ONLY_A_REACTION, POLICY, settled } from "./story.ts";
import { silentAnswerTo, withPolicy } from "./story.ts";

const names = ["wrong", "still-there", "changes", "reads", "binary"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

const WRONG = `fork: base
forks: yes
labels:
  triage: triage
  copilot:port: port
limits: { requester: { hour: "5" } }
prompts:
  fix: |
    Fix {{ subject }}.
    Its title is {{ title }}.
`;

describe.concurrent("where the file is", () => {
  it("is the default branch: on the head of a pull request it has no effect", async ({
    expect: local,
  }) => {
    const locksOut = "permissions: { default: { least: admin } }\nforks: nonsense\n";
    await world.github.writeFile(hello, POLICY, locksOut, "feature");
    const octocat = world.github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "My rules", head: "feature" });
    local(await answerTo(world, "writer", pull, "copilot:review")).toContain(LINK);
    local(askedAbout(world, hello.repo)).toEqual(ONE_SESSION);
    // Once it is merged it counts.
    await world.github.writeFile(hello, POLICY, "permissions: { default: { least: admin } }\n");
    local(await answerTo(world, "writer", pull, "/copilot review")).toContain(
      "You need administrator access",
    );
    local(askedAbout(world, hello.repo)).toEqual(ONE_SESSION);
  });
});

describe.concurrent("an invalid file", () => {
  it("starts nothing, and the comment lists each problem with its place", async ({
    expect: local,
  }) => {
    await withPolicy(world, "wrong", WRONG);
    const issue = await newIssue(world, "wrong");
    const comment = await answerTo(world, "writer", issue, "copilot:triage");
    local(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: \`copilot:triage\`

      Nobody can start tasks here until the policy is fixed.

      The [policy file of this repository](https://GITHUB/octo-org/wrong/blob/COMMIT/.github/copilot-tasks.yml) has problems:

      - line 1, column 1: unknown key \`fork\`: did you mean \`forks\`?
      - line 2, column 8: \`forks\` must be one of \`deny\`, \`base\`, \`allow-after-ok\`
      - line 4, column 3: \`triage\` must begin with \`copilot:\`, so that everyone can see that the label starts tasks
      - line 6, column 30: \`limits.requester.hour\` must be a whole number from 1 to 100,000
      - line 10, column 21: template \`prompts.fix\`: unknown variable \`title\`: use one of \`owner\`, \`repository\`, \`branch\`, \`commit\`, \`subject\`, \`subject_url\`, \`subject_type\`, \`subject_number\`, \`requester\`, \`kind\`

      After that, remove the label \`copilot:triage\` and add it again.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:triage\`
      - Repository \`octo-org/wrong\`
      - Reason \`policy_wrong\`
      - Task \`UUID8\`

      </details>
      "
    `);
    // Everyone who adds a label gets a comment; of the commands, only the writer's does.
    local(await answerTo(world, "reader", issue, "copilot:fix")).toContain("- line 1, column 1:");
    local(await answerTo(world, "writer", issue, "/copilot anything")).toContain("- line 1,");
    for (const login of ["reader", "stranger"]) {
      for (const command of ["triage", "help", "doctor"]) {
        const { reactions } = await silentAnswerTo(world, login, issue, `/copilot ${command}`);
        local(reactions).toEqual(ONLY_A_REACTION.reactions);
      }
    }
    const thread = await world.github.thread(issue.owner, issue.repo, issue.number);
    const replies = thread.comments.filter(({ author }) => author === world.github.botLogin);
    local(replies).toHaveLength(3);
    local(askedAbout(world, "wrong")).toEqual([]);
  });

  it("does not keep the bot from answering questions about itself", async ({ expect: local }) => {
    await withPolicy(world, "still-there", "forks: maybe\n");
    const problem = "- line 1, column 8: `forks` must be one of `deny`, `base`, `allow-after-ok`";
    for (const command of ["/copilot", "/copilot help", "/copilot config"]) {
      const answer = await answerIn(world, "writer", "still-there", command);
      local(answer).toContain("The [policy file of this repository](");
      local(answer).toContain(problem);
      local(answer).not.toContain("No session was created");
    }
    const doctor = await answerIn(world, "writer", "still-there", "/copilot doctor");
    local(doctor).toContain("- **database:** ");
    local(askedAbout(world, "still-there")).toEqual([]);
  });

  it("may be no text at all", async ({ expect: local }) => {
    await withPolicy(world, "binary", "\u0000\u0001\u0002");
    const comment = await answerIn(world, "writer", "binary", "copilot:triage");
    local(comment).toContain("The [policy file of this repository](");
    local(askedAbout(world, "binary")).toEqual([]);
  });
});

describe.concurrent("a change of the file", () => {
  it("counts from the next task on, without a restart", async ({ expect: local }) => {
    const issue = await newIssue(world, "changes");
    await withPolicy(world, "changes", "permissions: { default: { least: admin } }");
    local(await answerTo(world, "writer", issue, "/copilot triage")).toContain(
      "You need administrator access",
    );
    await withPolicy(world, "changes", "permissions: [");
    local(await answerTo(world, "writer", issue, "/copilot triage")).toContain("invalid YAML");
    await withPolicy(world, "changes", "# Nothing yet.\n");
    local(await answerTo(world, "writer", issue, "/copilot triage")).toContain(LINK);
    await withPolicy(world, "changes", "commands: { triage: null }");
    local(await answerTo(world, "writer", issue, "/copilot triage")).toContain(
      "There's no command `/copilot triage` here.",
    );
    await world.github.deleteFile(inOrganization("changes"), POLICY);
    local(await answerTo(world, "writer", issue, "/copilot triage")).toContain(LINK);
    local(askedAbout(world, "changes")).toEqual([...ONE_SESSION, ...ONE_SESSION]);
  });
});

describe("the requests to GitHub for the policy", () => {
  it("are the survey alone, while nothing has changed", async () => {
    const policy = "prompts: { triage: { path: look.md } }\nbranches: { eligible: [main] }\n";
    const repository = await withPolicy(world, "reads", policy);
    await world.github.writeFile(repository, "look.md", "Look at {{ subject }}.");
    const reads = async () => {
      const before = world.github.requests.length;
      await settled(world, await answerIn(world, "writer", "reads", "copilot:triage"));
      return world.github.requests
        .slice(before)
        .filter(({ method, path }) => method === "GET" || path === "/graphql")
        .map(
          ({ path, body }) =>
            `${path}${JSON.stringify(body ?? null).includes("HEAD:look.md") ? " (file)" : ""}`,
        );
    };
    const permission = "/repos/octo-org/reads/collaborators/writer/permission";
    const first = await reads();
    expect(new Set(first)).toEqual(new Set([permission, "/graphql", "/graphql (file)"]));
    const second = await reads();
    expect(new Set(second)).toEqual(new Set([permission, "/graphql"]));
    // A task that has waited is checked a second time, and no more.
    expect(second.length).toBeLessThanOrEqual(4);
  });
});
