import { expect, it } from "vitest";
import { killRuntime, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  variables: { ...FOLLOWING.variables, MAX_CONCURRENT_STARTS: "5", MAX_TASKS_PER_REPOSITORY: "10" },
});

it("ten sessions are all reached again when the runtime dies", async () => {
  const stories = [];
  for (let count = 0; count < 10; count += 1) stories.push(await startStory(world));
  killRuntime();
  for (const { emit } of stories) emit("assistant.message", { messageId: "m1", content: "Here." });
  const comments = await Promise.all(stories.map(({ comment }) => comment("Here.")));
  for (const comment of comments) expect(comment).toContain("**In progress**");
  expect(world.missionControl.tasks).toHaveLength(10);
}, 120_000);

it("a session that cannot be reached again is told as no longer followed", async () => {
  world.missionControl.behaveOnce({ taskLookup: { status: 404, body: { message: "Not Found" } } });
  const { comment } = await startStory(world);
  killRuntime();
  expect(await comment("cannot reach it any more")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### Copilot task: triage

    **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

    **In progress** when last seen, less than a minute after its start.

    The bot cannot reach it any more, and does not know how it goes on. \`/copilot resume UUID8\` follows it again.

    <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
    "
  `);
}, 120_000);
