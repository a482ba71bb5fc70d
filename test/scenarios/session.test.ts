import { describe, expect, it } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, canSendAgain, isNotice, steady, useWorld } from "./world.ts";

const world = useWorld({ timeouts: { startMs: 3_000 } });

async function label(behavior: Behavior) {
  world.missionControl.behaveOnce(behavior);
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const ONE_OF_EACH = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];
const isUndelivered = (body: string) => body.includes("(`prompt_not_delivered`)");
const isStarted = (body: string) => body.includes("[Open session]");

describe("readiness", () => {
  it("waits for the agent itself, not for Mission Control's own start", async () => {
    const { issue, requests } = await label({ otherProducerFirst: true, workerDelayMs: 1_500 });
    await botComments(world, issue, isStarted);
    const task = world.missionControl.tasks.at(-1);
    const agentStart = task?.events.find(({ data }) => data["producer"] === "copilot-agent");
    const steer = world.missionControl.requests.findLast(({ path }) => path.endsWith("/steer"));
    expect(steer?.at).toBeGreaterThan(Date.parse(agentStart?.timestamp ?? ""));
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("the comment says when the agent is late, and has the session when it starts after all", async () => {
    const { issue, requests } = await label({ worker: "none" });
    const [late = ""] = await botComments(world, issue);
    expect(steady(late, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏳ Copilot is slow to start: triage

      **The session was requested, but its agent didn't start in time** (\`start_timed_out\`).

      It may still start. Check the [list of sessions](https://GITHUB/copilot/agents). I'll watch for it until HH:MM UTC and update this comment. Please don't retry before then.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);

    world.missionControl.startWorker(world.missionControl.tasks.at(-1)?.id ?? "");
    const comments = await botComments(world, issue, isStarted);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### 🚀 Copilot started: triage

      [Open session](https://github.com/copilot/tasks/UUID)

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("links the session when Mission Control's own start came, and the agent's did not", async () => {
    const { issue, requests } = await label({ otherProducerFirst: true, worker: "none" });
    const [late = ""] = await botComments(world, issue);
    const id = world.missionControl.tasks.at(-1)?.id ?? "";
    expect(late).toContain("`start_timed_out`");
    expect(late).toContain(
      `[Check the session](http://${world.github.host}/copilot/tasks/${id}), or find it in the [list`,
    );
    world.missionControl.startWorker(id);
    await botComments(world, issue, isStarted);
    expect(requests()).toEqual(ONE_OF_EACH);
  });
});

describe("a refusal that comes late", () => {
  it("replaces what the comment said before", async () => {
    const body = { message: "blocked by org policy" };
    const { issue, requests } = await label({ create: { status: 403, body, delayMs: 4_000 } });
    const [late = ""] = await botComments(world, issue);
    expect(late).toContain("`start_timed_out`");
    const comments = await botComments(world, issue, (text) => text.includes("policy_blocked"));
    expect(comments).toEqual([
      expect.stringContaining("No session was created, so nothing was charged."),
    ]);
    expect(requests()).toEqual(["POST /agents/tasks"]);
  });
});

describe("delivery of the prompt", () => {
  it("leaves it to the runtime to repeat what Mission Control refused once, and reports it where none does", async () => {
    const { issue, requests } = await label({ steer: { status: 500, times: 1 } });
    if (!canSendAgain) {
      const comments = await botComments(world, issue, isUndelivered);
      expect(comments.filter((body) => !isNotice(body))).toEqual([
        expect.stringContaining("Open the session. If your request isn't there, send it there."),
      ]);
      expect(world.missionControl.tasks.at(-1)?.prompts).toEqual([]);
      expect(requests()).toEqual(ONE_OF_EACH);
      return;
    }
    await botComments(world, issue, isStarted);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
    expect(requests()).toEqual([...ONE_OF_EACH, "POST /agents/tasks/UUID/steer"]);
  });
});

describe("the link", () => {
  it("is the documented one when the session doesn't report its own", async () => {
    const { issue } = await label({ link: { none: true } });
    const [comment = ""] = await botComments(world, issue, isStarted);
    const id = world.missionControl.tasks.at(-1)?.id ?? "";
    expect(comment).toContain(`(http://${world.github.host}/copilot/tasks/${id})`);
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🚀 Copilot started: triage

      [Open session](https://GITHUB/copilot/tasks/UUID) (or find it in the [list of sessions](https://GITHUB/copilot/agents))

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
  });

  it("is the documented one when the session reports one that is not trusted, and the log says so once", async () => {
    const evil = "https://github.com@evil.example/octo-org/hello/tasks/4711?token=k3pt-s3cr3t";
    const { issue } = await label({ link: { url: evil } });
    const [comment = ""] = await botComments(world, issue, isStarted);
    const { id = "" } = world.missionControl.tasks.at(-1) ?? {};
    expect(comment).toContain(`(http://${world.github.host}/copilot/tasks/${id})`);
    world.missionControl.emit(id, "session.info", { infoType: "remote", url: evil });
    // The next one is trusted: it shows that the one before was read.
    const url = `http://${world.github.host}/octo-org/hello/tasks/4711`;
    world.missionControl.emit(id, "session.info", { infoType: "remote", url });
    const after = await botComments(world, issue, (body) => body.includes(`(${url})`));
    expect(after).toHaveLength(1);
    expect(`${comment}${after.join("")}`).not.toMatch(/evil|s3cr3t/u);
    const lines = world.log.filter((line) => line.includes(id) && line.includes("untrusted"));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        where: "https://evil.example",
        msg: "session reported an untrusted link: not shown",
      }),
    ]);
    expect(world.log.join("")).not.toContain("s3cr3t");
  });

  it("is corrected in the same comment when the session reports another one later", async () => {
    const url = "https://github.com/octo-org/hello/tasks/4711";
    const { issue } = await label({ link: { none: true } });
    const [before = ""] = await botComments(world, issue, isStarted);
    expect(before).toContain(`(http://${world.github.host}/copilot/tasks/`);
    const { id = "" } = world.missionControl.tasks.at(-1) ?? {};
    world.missionControl.emit(id, "session.info", { infoType: "remote", url });
    const after = await botComments(world, issue, (body) => body.includes(`(${url})`));
    expect(after).toHaveLength(1);
  });
});
