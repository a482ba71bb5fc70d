import { describe, it, vi } from "vitest";
import { steady, useWorld } from "../world.ts";
import { answerIn, ask, askedAbout, LINK, newIssue, ONE_SESSION } from "./story.ts";
import { ONLY_A_REACTION, promptsIn, silentAnswerTo, withPolicy } from "./story.ts";

const names = ["labels", "commands", "taken-away", "plain", "thousand"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

const PORT = `
prompts:
  port: Port {{ subject }} to the release branch.
`;

describe.concurrent("labels", () => {
  it("a custom one starts its own kind, in any case", async ({ expect }) => {
    await withPolicy(world, "labels", `labels: { "copilot:Port": port }${PORT}`);
    const comment = await answerIn(world, "writer", "labels", "copilot:port");
    expect(comment).toContain("### 🚀 Copilot started: port\n");
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "labels")).toEqual(ONE_SESSION);
    expect(promptsIn(world, "labels")).toEqual([
      expect.stringMatching(/^Port issue #1 to the release branch\.\n/u),
    ]);
  });

  it("one that was removed, or that nobody knows, gets no reply", async ({ expect }) => {
    await withPolicy(world, "taken-away", "labels: { copilot:review: null }");
    const issue = await newIssue(world, "taken-away");
    await ask(world, "octocat", issue, "copilot:review");
    await ask(world, "octocat", issue, "copilot:somewhat");
    const silently = () =>
      world.log.filter((line) => line.includes('"cancellation":"label_without_meaning"')).length;
    await vi.waitUntil(() => silently() === 2, 20_000);
    const { comments, reactions } = await world.github.thread(issue.owner, issue.repo, 1);
    expect({ comments, reactions }).toEqual({ comments: [], reactions: [] });
    expect(askedAbout(world, "taken-away")).toEqual([]);
  });
});

describe.concurrent("commands", () => {
  it("a custom one starts its kind and is in the help", async ({ expect }) => {
    const own = `
commands:
  port: { kind: port, description: "Ports a change, carefully.", example: /copilot port to 2.x }
  repair: fix
  ask: null
labels: { copilot:port: port }
`;
    await withPolicy(world, "commands", `${own}${PORT}`);
    const help = await answerIn(world, "writer", "commands", "/copilot help");
    expect(help).toContain(
      "- **`/copilot port`**, or the label `copilot:port`: Ports a change, carefully. Example: `/copilot port to 2.x`\n",
    );
    expect(help).toContain(
      "- **`/copilot repair`**, or the label `copilot:fix`: Starts a task of the kind fix. Example: `/copilot repair`\n",
    );
    expect(help).not.toContain("/copilot ask");
    const gone = await answerIn(world, "writer", "commands", "/copilot ask why?");
    expect(gone).toContain("There's no command `/copilot ask` here.");
    expect(askedAbout(world, "commands")).toEqual([]);

    const started = await answerIn(world, "writer", "commands", "/copilot port to 2.x");
    expect(started).toContain(LINK);
    const [prompt = ""] = promptsIn(world, "commands");
    expect(prompt).toMatch(/^Port issue #3 to the release branch\.\n/u);
    expect(prompt).toMatch(/\[[0-9a-f]{32} the requester adds\]\nto 2\.x\n/u);
    expect(askedAbout(world, "commands")).toEqual(ONE_SESSION);
  });

  it("an unknown one is answered with the nearest", async ({ expect }) => {
    const comment = await answerIn(world, "writer", "plain", "/copilot traige");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: traige

      There's no command \`/copilot traige\` here. Did you mean \`/copilot triage\`? \`/copilot help\` lists the commands.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot traige\`
      - Repository \`octo-org/plain\`
      - Reason \`unknown_command\`
      - Task \`UUID8\`

      </details>
      "
    `);
    const far = await answerIn(world, "writer", "plain", "/copilot somethingelse");
    expect(far).not.toContain("Did you mean");
    const issue = await newIssue(world, "plain");
    for (const login of ["reader", "stranger"]) {
      const answer = await silentAnswerTo(world, login, issue, "/copilot traige");
      expect(answer).toEqual(ONLY_A_REACTION);
    }
    expect(askedAbout(world, "plain")).toEqual([]);
  });

  it("a thousand of them in one comment are one request", async ({ expect }) => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `/copilot triage number ${index}.`);
    const comment = await answerIn(world, "writer", "thousand", lines.join("\n"));
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "thousand")).toEqual(ONE_SESSION);
    expect(promptsIn(world, "thousand")).toEqual([
      expect.stringMatching(/\[[0-9a-f]{32} the requester adds, as written\]\nnumber 0\.\n\n/u),
    ]);
    const { comments } = await world.github.thread("octo-org", "thousand", 1);
    expect(comments.map(({ author }) => author)).toEqual(["writer", world.github.botLogin]);
  });
});
