import { afterAll, expect, test, vi } from "vitest";
import { blocked, hello } from "../../sandbox/github/seed.ts";
import { createTestDatabase } from "../store/test-database.ts";
import { botComments, useWorld } from "./world.ts";

const database = process.env["TEST_STORE"] === "postgres" ? await createTestDatabase() : null;
afterAll(() => database?.drop());

// At GitHub's pace: one write a second.
const world = useWorld({
  throttled: true,
  variables: database === null ? {} : { DATABASE_URL: database.url },
});

/** What the bot has written to GitHub, and how often it has looked up a role. */
function written() {
  const { requests } = world.github;
  return {
    reactions: requests.filter(
      ({ method, path }) => method === "POST" && path.endsWith("/reactions"),
    ).length,
    questions: requests.filter(({ path }) => path.endsWith("/permission")).length,
  };
}

test("a reader's 30 refused commands delay nobody, and get three reactions", async () => {
  const { github } = world;
  const octocat = github.as("octocat");
  const flooded = await octocat.openIssue(hello, { title: "Popular", body: "" });
  const issue = await octocat.openIssue(blocked, { title: "Urgent", body: "" });
  const reader = github.as("reader");
  const flood = Array.from({ length: 30 }, () => reader.comment(flooded, "/copilot triage"));
  await Promise.all(flood);
  await octocat.label(issue, "copilot:triage");
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  // The 👀 of the label is one of them.
  expect(written().reactions).toBeLessThanOrEqual(4);

  const settled = () => world.log.filter((line) => line.includes("task settled")).length;
  await vi.waitUntil(() => settled() === 31, 60_000);
  const { comments } = await github.thread(flooded.owner, flooded.repo, flooded.number);
  const reacted = comments.filter(({ reactions }) => reactions.length > 0);
  expect(reacted.length).toBeGreaterThan(0);
  expect(reacted.length).toBeLessThanOrEqual(3);
  // After ten refusals GitHub isn't asked about the reader again.
  expect(written().questions).toBeLessThanOrEqual(16);
}, 120_000);
