import { describe, it, vi } from "vitest";
import { botComments, steady, useWorld } from "../world.ts";
import { answerIn, ask, askedAbout, LINK, newIssue, ONE_SESSION } from "./story.ts";
import { ONLY_A_REACTION, promptsIn, silentAnswerTo, withPolicy } from "./story.ts";

const named = ["labels", "commands", "taken-away", "plain", "thousand"];
const misplaced = ["formatted", "below", "typed", "mailed", "strangers", "steering"];
const names = [...named, ...misplaced];
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
    await vi.waitUntil(() => silently() === 2, 30_000);
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

/** What the bot answers to a writer's comment on a new issue. */
async function answered(repo: string, written: string): Promise<string> {
  const issue = await newIssue(world, repo);
  await world.github.as("writer").comment(issue, written);
  const [comment = "", ...others] = await botComments(world, issue);
  if (others.length > 0) throw new Error(`${others.length} more comments`);
  return comment;
}

/** What the bot has written on an issue, once it has ignored as many comments. */
async function wordsAfterSilence(issue: Awaited<ReturnType<typeof newIssue>>, count: number) {
  const silent = () => world.log.filter((line) => line.includes('"command_misplaced"')).length;
  await vi.waitUntil(() => silent() === count, 30_000);
  return world.github.thread(issue.owner, issue.repo, issue.number);
}

/** An answer by email, above the message that it answers. */
function mail(answer: string): string {
  return `${answer}\r\n\r\nFrom: octocat ***@***.***>\r\nSent: Monday, November 23, 2026 10:00\r\nTo: acme/repo ***@***.***>\r\nSubject: Re: [acme/repo] Crash (PR #2)\r\n\r\n/copilot triage\r\n\r\nFormer words.\r\n`;
}

describe.concurrent("a command that may have been meant", () => {
  it("in backticks gets a hint, and starts nothing", async ({ expect }) => {
    const comment = await answered("formatted", "`/copilot triage`");
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚫 Copilot didn't start: triage

      \`/copilot triage\` wasn't run because it's formatted as code. To run it, write a new comment with \`/copilot triage\` at the start of its own line, without formatting, and with a blank line above it.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot triage\`
      - Repository \`octo-org/formatted\`
      - Reason \`misplaced_command\`
      - Task \`UUID8\`

      </details>
      "
    `);
    for (const [written, why] of [
      ["**/copilot triage**", "because it's formatted as bold or italic text."],
      ["# /copilot fix", "because it's a heading."],
      ["@copilot /copilot fix", "because a mention comes before it on its line."],
      ["/copilot-triage", "because it isn't written as a command."],
      ["```\n/copilot triage\n```", "because it's formatted as code."],
    ] as const) {
      expect(await answered("formatted", written)).toContain(why);
    }
    expect(await answered("formatted", "`/copilot triag`")).toContain(
      "There's no command `/copilot triag` here. Did you mean `/copilot triage`?",
    );
    expect(askedAbout(world, "formatted")).toEqual([]);
  });

  it("below a quote or a list gets a hint, once", async ({ expect }) => {
    const quote = "> the parser breaks on noon\n/copilot triage look at this";
    const issue = await newIssue(world, "below");
    await world.github.as("writer").comment(issue, quote);
    const [comment, ...others] = await botComments(world, issue);
    expect(comment).toContain("because it's part of the quote above it.");
    expect(others).toEqual([]);
    const list = "Please check:\n- the parser\n- the lexer\n/copilot triage";
    expect(await answered("below", list)).toContain("it's part of a list.");
    expect(askedAbout(world, "below")).toEqual([]);
  });

  it("by somebody who can't start anything gets no comment and no reaction", async ({ expect }) => {
    const issue = await newIssue(world, "strangers");
    await world.github.as("reader").comment(issue, "`/copilot triage`");
    await world.github.as("stranger").comment(issue, "> a\n/copilot help");
    const { comments } = await wordsAfterSilence(issue, 2);
    expect(comments.map(({ author }) => author)).toEqual(["reader", "stranger"]);
    expect(comments.flatMap(({ reactions }) => reactions)).toEqual([]);
    const plain = await silentAnswerTo(world, "reader", issue, "/copilot triage");
    expect(plain).toEqual({ reactions: ["confused"], comments: 0 });
    expect(askedAbout(world, "strangers")).toEqual([]);
  });

  it("to the bot or to a task gets a hint too, and does nothing", async ({ expect }) => {
    for (const written of ["`/copilot help`", "**/copilot stop**", "- /copilot retry"]) {
      const comment = await answered("steering", written);
      expect(comment).toMatch(
        /\n### 🚫 Not run: `(?<command>\/copilot (?:help|stop|retry))`\n\n`\k<command>` wasn't run because/u,
      );
    }
    expect(askedAbout(world, "steering")).toEqual([]);
  });
});

describe.concurrent("a command that is clearly meant starts, however it's typed", () => {
  it("with a full-width slash and space, below an image", async ({ expect }) => {
    const image = '<img width="600" alt="Image" src="https://example.com/a.png" />';
    const comment = await answered("typed", `${image}\n／copilot　triage：noon`);
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "typed")).toEqual(ONE_SESSION);
    expect(promptsIn(world, "typed")).toEqual([
      expect.stringMatching(/^\[[0-9a-f]{32} the requester adds, as written\]\nnoon\n/mu),
    ]);
  });

  it("and what an email quotes below it starts nothing and isn't part of its instructions", async ({
    expect,
  }) => {
    const issue = await newIssue(world, "mailed");
    await world.github.as("writer").comment(issue, mail("Thanks, will do."));
    const comment = await answered("mailed", mail("/copilot fix the lexer"));
    expect(comment).toContain(LINK);
    expect(askedAbout(world, "mailed")).toEqual(ONE_SESSION);
    const [prompt = ""] = promptsIn(world, "mailed");
    expect(prompt).toMatch(
      /^\[[0-9a-f]{32} the requester adds, as written\]\nthe lexer\n\n<<<<< /mu,
    );
    // Its comments are in the prompt too: as what others wrote.
    expect(prompt.split("untrusted text begins")[0]).not.toContain("Former words.");
    const { comments } = await world.github.thread(issue.owner, issue.repo, issue.number);
    expect(comments.map(({ author }) => author)).toEqual(["writer"]);
  });
});
