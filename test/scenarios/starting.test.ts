import { expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

// A slow machine takes more than two seconds from the receipt to the start, and would ask GitHub again.
const world = useWorld({
  timeouts: { startingNoticeMs: 500, handoverMs: 60_000, firstRetryMs: 3_000 },
});

/** What passes: the bot tries again. */
const RATE_LIMITED = { status: 429, body: { message: "rate limited" } };

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

/** The lines of the bot's log with this message. */
function logOf(message: string): object[] {
  const lines = world.log.map((line): { msg?: unknown } => Object(JSON.parse(line)));
  return lines.filter(({ msg }) => String(msg).startsWith(message));
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

it("a start that fails and is tried again is commented on as soon as one that takes long", async () => {
  world.missionControl.behaveOnce({ create: RATE_LIMITED });
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  const [waiting = ""] = await botComments(world, issue, () => true);
  expect(steady(waiting, world)).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### ⏳ Copilot is starting: triage

    Starting failed, so I'm trying again.

    To cancel it, comment \`/copilot stop UUID8\`, or remove the label \`copilot:triage\`.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    "
  `);
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  expect(logOf("attempt failed")).toEqual([
    expect.objectContaining({ code: "rate_limited", attempt: 1 }),
  ]);
  expect(logOf("task failed")).toEqual([]);
});

it("a retry that names no task is for the newest, which the bot is trying again", async () => {
  const writer = world.github.as("writer");
  const issue = await writer.openIssue(hello, { title: "Please triage", body: "" });
  world.missionControl.behaveOnce({ create: { status: 403 } });
  await writer.label(issue, "copilot:triage");
  await botComments(world, issue, (body) => body.includes("/copilot retry"));
  const sessions = world.missionControl.tasks.length;
  world.missionControl.behaveOnce({ create: RATE_LIMITED });
  await writer.comment(issue, "/copilot triage");
  await botComments(world, issue, (body) => body.includes("I'm trying again"));
  await writer.comment(issue, "/copilot retry");
  const [answer] = (await botComments(world, issue, (body) => body.includes("Nothing changed")))
    .filter((body) => body.includes("Nothing changed"))
    .map((body) => steady(body, world).split("\n")[3]);
  expect(answer).toMatchInlineSnapshot(`"Task \`UUID8\` isn't over yet, so it can't be retried."`);
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  expect(world.missionControl.tasks).toHaveLength(sessions + 1);
});

it("two retries at once start one session", async () => {
  const writer = world.github.as("writer");
  const issue = await writer.openIssue(hello, { title: "Please triage", body: "" });
  world.missionControl.behaveOnce({ create: { status: 403 } });
  await writer.label(issue, "copilot:triage");
  const [failed = ""] = await botComments(world, issue, (body) => body.includes("/copilot retry"));
  const [, command = ""] = /`(\/copilot retry [0-9a-f]{8})`/u.exec(failed) ?? [];
  const sessions = world.missionControl.tasks.length;
  const octocat = world.github.as("octocat");
  await Promise.all([writer.comment(issue, command), octocat.comment(issue, command)]);
  const comments = await botComments(world, issue, (body) => body.includes("Nothing changed"));
  expect(comments.find((body) => body.includes("Nothing changed"))).toContain(
    "is being retried already, as task `",
  );
  await botComments(world, issue, (body) => body.includes("[Open session]"));
  expect(world.missionControl.tasks).toHaveLength(sessions + 1);
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
