import { expect, it } from "vitest";
import { useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld({ ...FOLLOWING, waits: { ...FOLLOWING.waits, followMs: 5_000 } });

it("a worker that says nothing more is told as no longer followed, in time", async () => {
  const { emit, comment } = await startStory(world);
  emit("assistant.message", { messageId: "m1", content: "I begin." });
  // Nothing tells a dead worker from a silent one.
  expect(await comment("has followed it for as long as it does")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### Copilot task: triage

    **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

    **In progress** when last seen, less than a minute after its start.

    The agent's last words:

    \`\`\`
    I begin.
    \`\`\`

    The bot has followed it for as long as it does, and no longer does. \`/copilot resume UUID8\` follows it again.

    <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
    "
  `);
});

it("what was asked and never answered is left to people in Mission Control", async () => {
  const { emit, comment } = await startStory(world);
  emit("permission.requested", {
    requestId: "r1",
    permissionRequest: { kind: "shell", toolCallId: "c1", fullCommandText: "npm test" },
  });
  await comment("npm test");
  expect(await comment("has to be answered in Mission Control")).toContain(
    "**Waits for an answer** when last seen",
  );
});
