import { describe, expect, it } from "vitest";
import { killRuntime, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

describe("a session that is followed", () => {
  it("is told of in the one comment, from the start to the end", async () => {
    const { emit, comment } = await startStory(world);
    expect(await comment("In progress")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **In progress**, less than a minute after its start.

      <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);

    emit("assistant.message", {
      messageId: "m1",
      content: "I look at **@octocat**'s cache first.",
    });
    expect(await comment("cache first")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **In progress**, less than a minute after its start.

      The agent's last words:

      \`\`\`
      I look at **@octocat**'s cache first.
      \`\`\`

      <sub>Steer it here: \`/copilot send UUID8 …\` · \`/copilot stop UUID8\` · \`/copilot status UUID8\`</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);

    emit("session.idle", {});
    expect(await comment("**Idle**")).toContain("it waits for words");

    emit("assistant.turn_start", { turnId: "2" });
    expect(await comment("**In progress**")).toContain("cache first");

    const url = `http://${world.github.host}/octo-org/hello/pull/99`;
    emit("assistant.message", {
      messageId: "m2",
      content: "See https://github.com/octo-org/hello/pull/99",
    });
    expect(await comment("pull/99")).not.toContain(url);
    emit("session.task_complete", { summary: "The cache grew without end.", success: true });
    expect(await comment("**Completed**")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### Copilot task: triage

      **[Follow the session in Mission Control](https://github.com/copilot/tasks/UUID)**

      **Completed** after less than a minute.

      Pull requests: \`https://github.com/octo-org/hello/pull/99\`

      The agent's last words:

      \`\`\`
      The cache grew without end.
      \`\`\`

      <sub>\`/copilot send UUID8 …\` writes to it again.</sub>

      <sub>Asked by [octocat](https://GITHUB/octocat) (label \`copilot:triage\`) · repository \`octo-org/hello\` · branch \`main\` · commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT) · task \`UUID8\`</sub>
      "
    `);
  });

  it("that fails says what the session said", async () => {
    const { emit, comment } = await startStory(world);
    emit("session.error", { errorType: "model", message: "The model `x` is away" });
    expect(await comment("**Failed**")).toContain(
      "**Failed** after less than a minute: `` The model `x` is away ``.",
    );
    emit("session.shutdown", { shutdownType: "error" });
    expect(await comment("writes to it again")).toContain("**Failed**");
  });

  it("tells events that come twice or out of order once, and in order", async () => {
    const { emit, comment } = await startStory(world);
    const message = { messageId: "m1", content: "Only once." };
    emit("assistant.message", message);
    emit("assistant.message", message);
    emit("session.idle", {});
    const text = await comment("**Idle**");
    expect(text.split("Only once.")).toHaveLength(2);
  });

  it("is reached again when the runtime dies", async () => {
    const { emit, comment } = await startStory(world);
    killRuntime();
    emit("assistant.message", { messageId: "m1", content: "Still here." });
    expect(await comment("Still here.")).toContain("**In progress**");
  });
});
