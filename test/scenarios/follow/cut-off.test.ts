import { expect, it } from "vitest";
import { killRuntime } from "../../kill-runtime.ts";
import { asked, canAttach, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

/** After the prompt, Mission Control takes long to answer one message. */
const SLOW = { steer: { after: 1, times: 1, delayMs: 60_000 } };

const world = useWorld({ ...FOLLOWING, timeouts: { ...FOLLOWING.timeouts, deliveryMs: 30_000 } });

it("a message that was being sent when the runtime died is reported, and not sent again", async () => {
  world.missionControl.behaveOnce(SLOW);
  const { issue, session, comment } = await startStory(world);
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  const steered = () => asked(world).filter((line) => line.endsWith("/steer")).length;
  await world.missionControl.until(() => steered() === 2, 30_000);
  killRuntime();
  const text = await comment("doesn't know whether");
  expect(steered()).toBe(2);
  expect(session.prompts).toHaveLength(1);
  if (!canAttach) {
    expect(text).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🔄 Copilot was working: triage

      Last seen after less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

      The bot lost contact with the session, so it doesn't know whether the message from \`writer\` arrived. Check in Mission Control before you send it again.

      This comment isn't updated anymore because the bot lost contact with the session. To continue, open the session: commands here don't reach it anymore.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
    return;
  }
  expect(text).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### 🔄 Copilot is working: triage

    **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

    The bot lost contact with the session, so it doesn't know whether the message from \`writer\` arrived. Check in Mission Control before you send it again.

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
    - Task \`UUID8\`

    </details>
    "
  `);
}, 120_000);

it("a message that was being sent is also reported when the bot can't reconnect to the session", async () => {
  const taskLookup = { status: 404, body: { message: "Not Found" } };
  world.missionControl.behaveOnce({ ...SLOW, taskLookup });
  const { issue, comment } = await startStory(world);
  const before = asked(world).length;
  await world.github.as("writer").comment(issue, "/copilot send And the tests?");
  await world.missionControl.until(() => asked(world).length > before, 30_000);
  killRuntime();
  expect(await comment("the bot lost contact with the session.")).toContain(
    "\n\nThe bot lost contact with the session, so it doesn't know whether the message from `writer` arrived. Check in Mission Control before you send it again.\n\n",
  );
}, 120_000);
