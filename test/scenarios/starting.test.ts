import { expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

// A slow machine takes more than two seconds from the receipt to the start, and would ask GitHub again.
const world = useWorld({ timeouts: { startingNoticeMs: 500, handoverMs: 60_000 } });

/** The bot's requests to GitHub about issues, repositories, and files, in order. */
function requestsSince(before: number): string[] {
  return world.github.requests
    .slice(before)
    .filter(({ path }) => path.startsWith("/repos/") || path === "/graphql")
    .map(({ method, path }) => {
      const steadied = path.replaceAll(/\d+/gu, "N").replace(/^\/repos\/octo-org\/hello/u, "");
      return `${method} ${steadied}`;
    });
}

it("the comment of a session that takes long to open says that it's starting, and gets the link later", async () => {
  world.missionControl.behaveOnce({ workerDelayMs: 3_000 });
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  const before = world.github.requests.length;
  await octocat.label(issue, "copilot:triage");
  const comments = await botComments(world, issue, () => true);
  expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
    [
      "<!-- copilot-task:UUID -->
    ### ⏳ Copilot is starting: triage

    I'll add the link to the session here when it's ready.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    ",
    ]
  `);
  const linked = await botComments(world, issue, (body) => body.includes("[Open session]"));
  expect(linked).toHaveLength(1);
  expect(asked(world)).toEqual(["POST /agents/tasks", "POST /agents/tasks/UUID/steer"]);
  // Two reads and three writes.
  expect(requestsSince(before).toSorted()).toMatchInlineSnapshot(`
    [
      "GET /collaborators/octocat/permission",
      "PATCH /issues/comments/N",
      "POST /graphql",
      "POST /issues/N/comments",
      "POST /issues/N/reactions",
    ]
  `);
});

it("a retry makes no more requests to GitHub than what it retries", async () => {
  world.missionControl.behaveOnce({ create: { status: 403 } });
  const writer = world.github.as("writer");
  const issue = await writer.openIssue(hello, { title: "Please triage", body: "" });
  await writer.label(issue, "copilot:triage");
  await botComments(world, issue, (body) => body.includes("/copilot retry"));
  const before = world.github.requests.length;
  await writer.comment(issue, "/copilot retry");
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  const reads = requestsSince(before).filter(
    (request) => request.startsWith("GET") || request === "POST /graphql",
  );
  expect(reads.toSorted()).toEqual(["GET /collaborators/writer/permission", "POST /graphql"]);
});
