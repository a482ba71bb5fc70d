import { expect, it } from "vitest";
import { useWorld } from "../world.ts";
import { FOLLOWING, offer, startStory } from "./followed.ts";

const world = useWorld({ ...FOLLOWING, timeouts: { ...FOLLOWING.timeouts, followMs: 5_000 } });

it("the bot stops following a silent session after the time limit, and the comment says so", async () => {
  const { emit, comment } = await startStory(world);
  emit("assistant.message", { messageId: "m1", content: "I begin." });
  // A dead worker looks the same as a silent one.
  const text = await comment("the time limit for updates was reached");
  const resume = offer("To update it again, comment `/copilot resume UUID8`.");
  expect(text.replace(resume, "OFFER")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### 🔄 Copilot was working: triage

    Last seen after less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

    > I begin.

    This comment isn't updated anymore because the time limit for updates was reached. OFFER

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - Task \`UUID8\`

    </details>
    "
  `);
});

it("a request that was never answered is left to people in Mission Control", async () => {
  const { emit, comment } = await startStory(world);
  emit("permission.requested", {
    requestId: "r1",
    permissionRequest: { kind: "shell", toolCallId: "c1", fullCommandText: "npm test" },
  });
  await comment("npm test");
  expect(await comment("answer [in Mission Control](")).toContain(
    "Copilot was waiting for an answer",
  );
});
