import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../sandbox/mission-control/behaviour.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { asked, botComments, steady, useWorld } from "./world.ts";

const world = useWorld({ variables: { SESSION_START_TIMEOUT_SECONDS: "3" } });

async function label(behaviour: Behaviour) {
  world.missionControl.behaveOnce(behaviour);
  const before = asked(world).length;
  const octocat = world.github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Please triage", body: "" });
  await octocat.label(issue, "copilot:triage");
  return { issue, requests: () => asked(world).slice(before) };
}

const ONE_OF_EACH = ["POST /agents/tasks", "POST /agents/tasks/UUID/steer"];
const isStarted = (body: string) => body.includes("Follow the session");

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

  it("tells when the agent is late, and adopts the session when it starts after all", async () => {
    const { issue, requests } = await label({ workerDelayMs: 4_500 });
    const [late = ""] = await botComments(world, issue);
    expect(steady(late, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage – failed: \`start_timed_out\`

      The session was asked for, but its agent did not start in time.

      It may still start: [look in Mission Control](https://github.com/copilot/agents). The bot watches for it until HH:MM UTC, and corrects this comment when it starts. Asking again before that changes nothing.

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);

    const comments = await botComments(world, issue, isStarted);
    expect(comments.map((comment) => steady(comment, world))).toMatchInlineSnapshot(`
      [
        "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      ",
      ]
    `);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
    expect(requests()).toEqual(ONE_OF_EACH);
  });

  it("links the session when Mission Control's own start came, and the agent's did not", async () => {
    const { issue, requests } = await label({ otherProducerFirst: true, workerDelayMs: 4_500 });
    const [late = ""] = await botComments(world, issue);
    const id = world.missionControl.tasks.at(-1)?.id ?? "";
    expect(late).toContain("`start_timed_out`");
    expect(late).toContain(`[look in Mission Control](https://github.com/copilot/tasks/${id})`);
    await botComments(world, issue, isStarted);
    expect(requests()).toEqual(ONE_OF_EACH);
  });
});

describe("a refusal that comes late", () => {
  it("takes the place of what was said before", async () => {
    const body = { message: "blocked by org policy" };
    const { issue, requests } = await label({ create: { status: 403, body, delayMs: 4_000 } });
    const [late = ""] = await botComments(world, issue);
    expect(late).toContain("`start_timed_out`");
    const comments = await botComments(world, issue, (text) => text.includes("policy_blocked"));
    expect(comments).toEqual([expect.stringContaining("No session was created.")]);
    expect(requests()).toEqual(["POST /agents/tasks"]);
  });
});

describe("delivery of the prompt", () => {
  it("leaves it to the runtime to repeat what Mission Control refused once", async () => {
    const { issue } = await label({ steer: { status: 500, times: 1 } });
    await botComments(world, issue, isStarted);
    expect(world.missionControl.tasks.at(-1)?.prompts).toHaveLength(1);
  });
});

describe("the link", () => {
  it("is the documented one when the session does not tell its own", async () => {
    const { issue } = await label({ link: { none: true } });
    const [comment = ""] = await botComments(world, issue, isStarted);
    const id = world.missionControl.tasks.at(-1)?.id ?? "";
    expect(comment).toContain(`(https://github.com/copilot/tasks/${id})`);
  });

  it("is corrected in the same comment when the session tells another one later", async () => {
    const url = "https://github.com/octo-org/hello/tasks/4711";
    const { issue } = await label({ link: { delayMs: 3_000, url } });
    const [before = ""] = await botComments(world, issue, isStarted);
    expect(before).toContain("(https://github.com/copilot/tasks/");
    const after = await botComments(world, issue, (body) => body.includes(`(${url})`));
    expect(after).toHaveLength(1);
  });
});
