import { expect, it } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { connect } from "../../sandbox/connecting.ts";
import { botComments, useWorld } from "./world.ts";

const world = useWorld({
  connecting: true,
  people: { ada: "write", bob: "write" },
  timeouts: {
    followMs: 60_000,
    editEveryMs: 300,
    sessionCommandsEveryMs: 200,
    startingNoticeMs: 500,
  },
});

async function labelAs(login: string) {
  const person = world.github.as(login);
  const issue = await person.openIssue(hello, { title: `For ${login}`, body: "" });
  await person.label(issue, "copilot:triage");
  return issue;
}

const isOver = (body: string) => body.includes("disconnected their Copilot before the session");

it("whoever disconnects while the agent starts gets no prompt delivered", async () => {
  await connect("ada", `${world.app.url}/connect`);
  const count = world.missionControl.tasks.length;
  world.missionControl.behaveOnce({ workerDelayMs: 4_000 });
  const issue = await labelAs("ada");
  await world.missionControl.until((state) => state.tasks.length > count);
  await world.github.oauth.revoke("ada");
  const [comment = ""] = await botComments(world, issue, isOver);
  expect(comment).toContain("`prompt_not_delivered`");
  expect(world.missionControl.tasks[count]?.prompts).toEqual([]);
});

it("whoever disconnects while the prompt is on its way learns it at once", async () => {
  await connect("bob", `${world.app.url}/connect`);
  world.missionControl.behaveOnce({ steer: { status: 500 } });
  const count = world.missionControl.tasks.length;
  const issue = await labelAs("bob");
  await world.missionControl.until(({ requests, tasks }) =>
    requests.some(({ path }) => path === `/agents/tasks/${tasks[count]?.id}/steer`),
  );
  await world.github.oauth.revoke("bob");
  const [comment = ""] = await botComments(world, issue, isOver);
  expect(comment).toContain("[connect their Copilot again]");
});
