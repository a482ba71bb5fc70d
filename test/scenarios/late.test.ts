import { describe, expect, it } from "vitest";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { killRuntime } from "../kill-runtime.ts";
import { asked, botComments, canAttach, OUT_OF_REACH, steady, useWorld } from "./world.ts";

// Longer than the ten seconds after which the runtime gives a session up of which it saw no event.
const world = useWorld({ variables: { SESSION_START_TIMEOUT_SECONDS: "14" } });

async function label(behavior: Behavior) {
  world.missionControl.behaveOnce(behavior);
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const ONE_OF_EACH = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];

describe("a session that the runtime gave up on", () => {
  it("is reconnected by its id when its agent starts after all, or fails with the link", async () => {
    const { issue, requests } = await label({ requestedFirst: false, worker: "none" });
    const [late = ""] = await botComments(world, issue, (body) => body.includes("timed_out"));
    const id = world.missionControl.tasks.at(-1)?.id ?? "";
    expect(late).toContain("`start_timed_out`");
    expect(late).toContain(`http://${world.github.host}/copilot/tasks/${id}`);
    if (!canAttach) {
      expect(steady(late, world)).toMatchInlineSnapshot(`
        "<!-- copilot-task:UUID -->
        ### ❌ Copilot didn't start in time: triage

        > [!WARNING]
        > **The session was requested, but its agent didn't start in time** (\`start_timed_out\`).
        >
        > It may still start. Check the state of your GitHub Enterprise Server.

        A session exists: [open it](https://GITHUB/copilot/tasks/UUID), or find it in the [list of sessions](https://GITHUB/copilot/agents), before you start another one. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

        <details><summary>Details</summary>

        - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
        - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
        - Task \`UUID8\`

        </details>
        "
      `);
      expect(requests()).toEqual(["POST /agents/tasks"]);
      return;
    }
    world.missionControl.startWorker(id);
    const comments = await botComments(world, issue, (body) => body.includes("[Open session]"));
    expect(comments).toHaveLength(1);
    expect(requests()).toEqual(ONE_OF_EACH);
  });
});

describe("the runtime dies while the agent of a known session starts", () => {
  it("the bot reconnects to the session and delivers its prompt, or the task fails with the link", async () => {
    const { issue, requests } = await label({ otherProducerFirst: true, worker: "none" });
    await world.missionControl.until(() => requests().length === 1);
    const polled = () =>
      world.missionControl.requests.filter(({ path }) => path.endsWith("/events")).length;
    const before = polled();
    // Once the creation has returned, for Mission Control's own start, it is asked once a second.
    await world.missionControl.until(() => polled() > before + 4, 30_000);
    killRuntime();
    if (!canAttach) {
      const [lost = ""] = await botComments(world, issue);
      expect(steady(lost, world)).toBe(OUT_OF_REACH);
      expect(requests()).toEqual(["POST /agents/tasks"]);
      return;
    }
    // A runtime that reconnects requests the task itself.
    const lookup = /\/tasks\/[^/]+$/u;
    await world.missionControl.until(
      () =>
        world.missionControl.requests.some(
          ({ method, path }) => method === "GET" && lookup.test(path),
        ),
      30_000,
    );
    world.missionControl.startWorker(world.missionControl.tasks.at(-1)?.id ?? "");
    const comments = await botComments(world, issue, (body) => body.includes("[Open session]"));
    expect(comments).toHaveLength(1);
    expect(requests()).toEqual(ONE_OF_EACH);
  });
});
