import { describe, it, vi } from "vitest";
import { botComments, steady, useWorld } from "../world.ts";
import { askedAbout, LINK, newIssue, ONE_SESSION, promptsIn } from "./story.ts";
import { silentAnswerTo } from "./story.ts";

const names = ["formatted", "below", "typed", "mailed", "strangers", "steering"];
const world = useWorld({ repositories: names.map((name) => ({ name })) });

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
  await vi.waitUntil(() => silent() === count, 20_000);
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
