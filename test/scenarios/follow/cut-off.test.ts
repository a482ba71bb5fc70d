import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import { startGitHub } from "../../../sandbox/github/server.ts";
import { startMissionControl } from "../../../sandbox/mission-control/server.ts";
import { asked, botComments, killRuntime, steady, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const BOT = fileURLToPath(new URL("../../../sandbox/chaos/unpaced-bot.ts", import.meta.url));

/** After the prompt, Mission Control is long about its answer to one message. */
const SLOW = { steer: { after: 1, times: 1, delayMs: 60_000 } };

const world = useWorld({ ...FOLLOWING, waits: { ...FOLLOWING.waits, deliveryMs: 30_000 } });

it("what was being sent when the runtime died is told, and not sent again", async () => {
  world.missionControl.behaveOnce(SLOW);
  const { issue, session, comment } = await startStory(world);
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  const steered = () => asked(world).filter((line) => line.endsWith("/steer")).length;
  await world.missionControl.until(() => steered() === 2, 20_000);
  killRuntime();
  expect(await comment("not known whether")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### Copilot task: triage

    **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

    **In progress**, less than a minute after its start.

    It is not known whether what \`writer\` wrote reached the session: the bot was cut off from it. Look in Mission Control before you write it again.

    <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

    <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
    "
  `);
  expect(steered()).toBe(2);
  expect(session.prompts).toHaveLength(1);
}, 120_000);

it("what was being sent is told, too, when the session cannot be reached again", async () => {
  const taskLookup = { status: 404, body: { message: "Not Found" } };
  world.missionControl.behaveOnce({ ...SLOW, taskLookup });
  const { issue, comment } = await startStory(world);
  const before = asked(world).length;
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  await world.missionControl.until(() => asked(world).length > before, 20_000);
  killRuntime();
  expect(await comment("cannot reach it any more")).toContain(
    "\n\nIt is not known whether what `writer` wrote reached the session: the bot was cut off from it. Look in Mission Control before you write it again.\n\n",
  );
}, 120_000);

it.each(["kill", "stop"] as const)(
  "what was being sent when the bot ended (%s) is told by the next, and not sent again",
  async (end) => {
    const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-cut-off-"));
    const missionControl = await startMissionControl();
    const github = await startGitHub();
    const settings = {
      ...github.environment,
      ...missionControl.environment,
      DATA_DIR: directory,
      COPILOT_GITHUB_TOKEN: github.as("octocat").token,
    };
    missionControl.behaveOnce(SLOW);
    const first = await startBot(settings, BOT);
    github.deliverTo(`${first.url}/api/github/webhooks`);
    const octocat = github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "It crashes" });
    await octocat.label(issue, "copilot:triage");
    await botComments({ github }, issue, (body) => body.includes("**In progress**"));
    await octocat.comment(issue, "/copilot send And the tests?");
    const steered = () =>
      asked({ missionControl }).filter((line) => line.endsWith("/steer")).length;
    await missionControl.until(() => steered() === 2, 20_000);
    await (end === "kill" ? first.kill() : first.stop());

    const second = await startBot(settings, BOT);
    const comments = await botComments({ github }, issue, (body) => body.includes("not known"));
    expect(comments.map((comment) => steady(comment, { github }))).toEqual([
      expect.stringContaining(
        "\n\nIt is not known whether what `octocat` wrote reached the session: the bot was cut off from it. Look in Mission Control before you write it again.\n\n",
      ),
    ]);
    expect(steered()).toBe(2);
    await second.stop();
    await github.close();
    await missionControl.close();
    rmSync(directory, { recursive: true, force: true });
  },
  120_000,
);
