import { expect, it } from "vitest";
import { killRuntime } from "../../kill-runtime.ts";
import { canAttach, useWorld } from "../world.ts";
import { FOLLOWING, offer, startStory } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  variables: {
    ...FOLLOWING.variables,
    MAX_CONCURRENT_STARTS: "5",
    MAX_CONCURRENT_STARTS_PER_REPOSITORY: "10",
  },
});

it("when the runtime dies, the bot reconnects to all ten sessions, or says that it lost contact", async () => {
  const stories = [];
  for (let count = 0; count < 10; count += 1) stories.push(await startStory(world));
  killRuntime();
  for (const { emit } of stories) emit("assistant.message", { messageId: "m1", content: "Here." });
  const words = canAttach ? "Here." : "the bot lost contact with the session.";
  const comments = await Promise.all(stories.map(({ comment }) => comment(words)));
  const state = canAttach ? "Copilot is working" : "Copilot was working";
  for (const comment of comments) expect(comment).toContain(state);
  expect(world.missionControl.tasks).toHaveLength(10);
}, 120_000);

it("when the bot can't reconnect to a session, the comment says that it's no longer followed", async () => {
  world.missionControl.behaveOnce({ taskLookup: { status: 404, body: { message: "Not Found" } } });
  const { comment } = await startStory(world);
  killRuntime();
  const text = await comment("the bot lost contact with the session.");
  const resume = offer("To update it again, comment `/copilot resume UUID8`.");
  expect(text.replace(resume, "OFFER")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### 🔄 Copilot was working: triage

    Last seen after less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

    This comment isn't updated anymore because the bot lost contact with the session. OFFER

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    "
  `);
}, 120_000);
