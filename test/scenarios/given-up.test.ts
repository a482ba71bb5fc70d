import { describe, expect, it, vi } from "vitest";
import type { FaultAnswer } from "../../sandbox/github/faults.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, useWorld } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const world = useWorld({ timeouts: { reportAgainMs: 100, firstRetryMs: 100, giveUpMs: 1_500 } });

const refusal = (message: string) => ({ body: { message } });

async function label() {
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  const task = world.github.deliveries.findLast(({ action }) => action === "labeled")?.id ?? "none";
  // The task before may be settled once more, because of the command that has its comment posted.
  const lines = (words: string) =>
    world.log
      .filter((line) => line.includes(task) && line.includes(words))
      .map((line): Record<string, unknown> => JSON.parse(line));
  return { issue, lines };
}

describe("a comment that GitHub refuses for longer than the bot retries", () => {
  it.each<[string, FaultAnswer, string]>([
    ["403 without a known text", { status: 403, ...refusal("Sorry.") }, "github_refused"],
    ["the spam kind", { status: 422, ...refusal("This looks like spam.") }, "github_refused"],
    [
      "a lack of permission",
      { status: 403, ...refusal("Resource not accessible by integration") },
      "app_not_permitted",
    ],
    [
      "an IP allow list",
      { status: 403, ...refusal("octo-org has an IP allow list enabled") },
      "ip_not_allowed",
    ],
    ["an outage", { status: 503 }, "github_unreachable"],
  ])(
    "with %s ends the task with its failure code, and there's only one session",
    async (_what, answer, code) => {
      const match = { method: "POST", path: /\/issues\/\d+\/comments$/u };
      world.github.failNext(match, answer, 1_000);
      const before = asked(world).length;
      const { issue, lines } = await label();
      await vi.waitUntil(() => lines("task settled").length === 1, 40_000);
      world.github.forgetFaults();
      expect(lines("task settled")).toEqual([expect.objectContaining({ failureCode: code })]);
      expect(lines("GitHub refused a request")).toHaveLength(1);
      expect(lines("thread could not be updated")).toEqual([
        expect.objectContaining({ failureCode: code, refusals: expect.any(Number) }),
      ]);
      expect(asked(world).slice(before)).toEqual([
        "POST /agents/tasks",
        "POST /agents/tasks/UUID/steer",
      ]);
      // The next person who comments in the thread sees it.
      await world.github.as("octocat").comment(issue, "/copilot status");
      const [comment] = await botComments(world, issue);
      expect(comment).toContain("[Open session]");
      expect(comment).not.toContain(code);
    },
  );
});

describe("a request that GitHub refuses for longer than the bot retries", () => {
  it.each<[string, FaultAnswer, string]>([
    ["403", { status: 403, ...refusal("Sorry.") }, "github_refused"],
    [
      "an IP allow list",
      { status: 403, ...refusal("octo-org has an IP allow list enabled") },
      "ip_not_allowed",
    ],
  ])(
    "%s: the comment names the failure, where GitHub allows a comment",
    async (_what, answer, code) => {
      world.github.failNext({ method: "GET", path: /\/permission$/u }, answer, 1_000);
      const before = asked(world).length;
      const { issue } = await label();
      const [comment] = await botComments(world, issue);
      world.github.forgetFaults();
      expect(comment).toContain(`(\`${code}\`)`);
      expect(comment).toContain("No session was created, so nothing was charged.");
      expect(asked(world).slice(before)).toEqual([]);
    },
  );
});
