import { describe, expect, it, vi } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { killRuntime } from "../kill-runtime.ts";
import { asked, botComments, canAttach, OUT_OF_REACH, steady, useWorld } from "./world.ts";

const world = useWorld();

async function openIssue() {
  return world.github.as("octocat").openIssue(hello, { title: "Please triage", body: "" });
}

async function label(behavior: Behavior = {}) {
  world.missionControl.behaveOnce(behavior);
  const before = asked(world).length;
  const issue = await openIssue();
  await world.github.as("octocat").label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const STARTED: unknown = expect.stringContaining("[Open session]");
const ONE_OF_EACH = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];

describe("the runtime dies", () => {
  it("while nothing runs: it's restarted for the next task", async () => {
    await botComments(world, (await label()).issue);
    killRuntime();
    const { issue, requests } = await label();
    expect(await botComments(world, issue)).toEqual([STARTED]);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("while a session is being created: the comment says so, and nothing is repeated", async () => {
    const { issue, requests } = await label({ workerDelayMs: 60_000 });
    await world.missionControl.until(() => requests().length === 1);
    killRuntime();
    const comments = await botComments(world, issue);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: triage

      > [!CAUTION]
      > **A session may exist** (\`runtime_crashed\`). Check the [list of sessions](https://GITHUB/copilot/agents) before you retry, so you don't pay twice.
      >
      > The Copilot runtime on the bot's machine stopped during this task. If this happens again, the bot's log has the details.

      To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests()).toEqual(["POST /agents/tasks"]);
  });

  it("while a prompt is being sent: the bot reconnects to the session and delivers it, or the task fails with the link", async () => {
    const { issue, requests } = await label({ steer: { status: 500, times: 1 } });
    await world.missionControl.until(() => requests().length === 2);
    killRuntime();
    if (!canAttach) {
      const [lost = ""] = await botComments(world, issue);
      expect(steady(lost, world)).toBe(OUT_OF_REACH);
      expect(requests()).toEqual(ONE_OF_EACH);
      return;
    }
    expect(await botComments(world, issue)).toEqual([STARTED]);
    expect(requests()).toEqual([...ONE_OF_EACH, "POST /agents/tasks/UUID/steer"]);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
  });
});

describe("one event", () => {
  it("that is delivered many times, by two hooks, starts one task", async () => {
    const { issue, requests } = await label();
    const delivery = world.github.deliveries.findLast(({ action }) => action === "labeled");
    const id = delivery?.id ?? "";
    await Promise.all([
      ...Array.from({ length: 10 }, () => world.github.redeliver(id)),
      world.github.deliverAgainAs(id),
      world.github.deliverAgainAs(id),
    ]);
    expect(await botComments(world, issue)).toEqual([STARTED]);
    await world.github.deliverAgainAs(id);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("a label that is re-added while its task is unfinished starts nothing", async () => {
    const { issue, requests } = await label({ worker: "none" });
    // Removing the label while its task waits would cancel it.
    await world.missionControl.until(() => requests().length > 0);
    const octocat = world.github.as("octocat");
    await octocat.unlabel(issue, "copilot:triage");
    await octocat.label(issue, "copilot:triage");
    world.missionControl.startWorker(world.missionControl.tasks.at(-1)?.id ?? "");
    expect(await botComments(world, issue)).toEqual([STARTED]);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("a label that is re-added after its task has ended starts another", async () => {
    const { issue, requests } = await label();
    await botComments(world, issue);
    const settled = () => world.log.filter((line) => line.includes("task settled")).length;
    await vi.waitUntil(() => settled() > 0, 30_000);
    const octocat = world.github.as("octocat");
    await octocat.unlabel(issue, "copilot:triage");
    // GitHub's times are in whole seconds: within one, adding a label twice looks like once.
    await vi.waitUntil(() => Date.now() % 1_000 < 100, { timeout: 2_000, interval: 20 });
    await octocat.label(issue, "copilot:triage");
    await world.github.until(async () => (await botComments(world, issue)).length === 2, 30_000);
    expect(requests()).toEqual([...ONE_OF_EACH, ...ONE_OF_EACH]);
  });

  it("two commands are two tasks", async () => {
    const before = asked(world).length;
    const issue = await openIssue();
    const octocat = world.github.as("octocat");
    await octocat.comment(issue, "/copilot triage");
    await octocat.comment(issue, "/copilot triage");
    await world.github.until(async () => (await botComments(world, issue)).length === 2, 30_000);
    expect(asked(world).slice(before).sort()).toEqual([...ONE_OF_EACH, ...ONE_OF_EACH].sort());
  });

  it("a comment with a hundred commands is one task", async () => {
    const before = asked(world).length;
    const issue = await openIssue();
    await world.github.as("octocat").comment(issue, "/copilot triage\n\n".repeat(100));
    expect(await botComments(world, issue)).toEqual([STARTED]);
    expect(asked(world).slice(before)).toEqual(ONE_OF_EACH);
  });
});

describe("GitHub has trouble", () => {
  it("the answer to the comment is lost: the comment is found by its marker, not written again", async () => {
    world.github.failNext({ method: "POST", path: /issues\/\d+\/comments$/u }, "perform and drop");
    const { issue } = await label();
    await botComments(world, issue);
    await world.github.until(() => world.github.requests.some(({ method }) => method === "PATCH"));
    expect(await botComments(world, issue)).toEqual([STARTED]);
  });

  it("a temporary failure before the session starts is retried", async () => {
    world.github.failNext(
      { method: "GET", path: /\/permission$/u },
      {
        status: 403,
        headers: { "retry-after": "1" },
        body: { message: "You have exceeded a secondary rate limit" },
      },
    );
    const { issue, requests } = await label();
    expect(await botComments(world, issue)).toEqual([STARTED]);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("a permanent refusal is reported", async () => {
    world.github.failNext(
      { method: "POST", path: "/graphql" },
      { status: 403, body: { message: "Resource not accessible by integration" } },
    );
    const { issue, requests } = await label();
    const comments = await botComments(world, issue);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### ❌ Copilot couldn't start: \`copilot:triage\`

      > [!WARNING]
      > **GitHub doesn't let the bot's App do this: the App is no longer installed on this repository, or lacks a permission** (\`app_not_permitted\`).
      >
      > An owner of octo-org can add hello to the App's repositories, or accept its permissions, in [octo-org's installed GitHub Apps](https://GITHUB/organizations/octo-org/settings/installations).

      No session was created, so nothing was charged. Once that's fixed, remove the label \`copilot:triage\` and add it again.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`
      - Task \`UUID8\`

      </details>
      ",
      ]
    `);
    expect(requests()).toEqual([]);
  });
});

describe("polling that fails for a while", () => {
  it("is survived", async () => {
    const { issue } = await label({ eventsFailures: 1 });
    expect(await botComments(world, issue)).toEqual([STARTED]);
  });
});
