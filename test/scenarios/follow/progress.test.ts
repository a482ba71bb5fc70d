import { describe, expect, it } from "vitest";
import { useWorld } from "../world.ts";
import { FOLLOWING, offer, startStory } from "./followed.ts";

const world = useWorld(FOLLOWING);

describe("a session that is followed", () => {
  it("is shown in the one comment, from the start to the end", async () => {
    const { emit, comment } = await startStory(world);
    expect(await comment("Copilot is working")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);

    emit("assistant.message", {
      messageId: "m1",
      content: "I look at **@octocat**'s cache first.",
    });
    expect(await comment("cache first")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

      > I look at **\`@octocat\`**'s cache first.

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);

    emit("session.idle", {});
    expect(await comment("Copilot is idle")).toContain(
      "To continue, comment `/copilot send UUID8 …`.",
    );

    emit("assistant.turn_start", { turnId: "2" });
    expect(await comment("Copilot is working")).toContain("cache first");

    const url = `http://${world.github.host}/octo-org/hello/pull/99`;
    emit("assistant.message", {
      messageId: "m2",
      content: "See https://github.com/octo-org/hello/pull/99",
    });
    expect(await comment("pull/99")).not.toContain(url);
    emit("session.task_complete", { summary: "The cache grew without end.", success: true });
    const more = offer("To ask for more, comment `/copilot send UUID8 …`.");
    expect((await comment("Copilot finished")).replace(more, "OFFER")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ✅ Copilot finished: triage

      **Pull request:** \`https://github.com/octo-org/hello/pull/99\` · Ran for less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

      > The cache grew without end.

      OFFER

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
  });

  it("that fails has its last message in the comment", async () => {
    const { emit, comment } = await startStory(world);
    emit("session.error", { errorType: "model", message: "The model `x` is away" });
    expect(await comment("Copilot's session failed")).toContain(
      "> **The session reported an error:** `` The model `x` is away ``",
    );
    emit("session.shutdown", { shutdownType: "error" });
    expect(await comment("To start over")).toContain("Copilot's session failed");
  });

  it("shows events that come twice or out of order once, and in order", async () => {
    const { emit, comment } = await startStory(world);
    const message = { messageId: "m1", content: "Only once." };
    emit("assistant.message", message);
    emit("assistant.message", message);
    emit("session.idle", {});
    const text = await comment("Copilot is idle");
    expect(text.split("Only once.")).toHaveLength(2);
  });
});
