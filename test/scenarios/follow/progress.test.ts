import { describe, expect, it } from "vitest";
import { hello } from "../../../sandbox/github/seed.ts";
import { killRuntime } from "../../kill-runtime.ts";
import { canAttach, useWorld } from "../world.ts";
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

/** A session on a branch of its own, from which somebody opens a pull request. */
async function openedFrom(branch: string) {
  world.missionControl.behaveOnce({ context: { branch } });
  const story = await startStory(world);
  await story.comment("Copilot is working");
  const octocat = world.github.as("octocat");
  await octocat.createBranch(hello, branch);
  await octocat.commitFile(hello, { path: `${branch}.md`, content: "Fixed.\n", branch });
  const pull = await octocat.openPullRequest(hello, { title: "Fix it", head: branch });
  const link = `[#${pull.number}](https://GITHUB/octo-org/hello/pull/${pull.number})`;
  return { ...story, pull, link };
}

it("the pull request of the session's branch is shown when the session doesn't report it", async () => {
  const { comment, link } = await openedFrom("copilot/fix-1");
  expect((await comment("**Pull request:**")).replace(link, "LINK")).toMatchInlineSnapshot(`
    "<!-- copilot-task:UUID -->
    ### 🔄 Copilot is working: triage

    **Pull request:** LINK · **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

    <details><summary>Details</summary>

    - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
    - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
    - The session started on branch \`copilot/fix-1\`. Its prompt asks it to check out \`main\` first.
    - Commands: \`/copilot send UUID8 …\`, \`/copilot stop UUID8\`, \`/copilot status UUID8\`
    - Task \`UUID8\`

    </details>
    "
  `);
});

it("a pull request that both report is shown once, however its URL is written", async () => {
  const { emit, comment, pull, link } = await openedFrom("copilot/fix-2");
  await comment("**Pull request:**");
  const url = `http://${world.github.host}/Octo-Org/Hello/pull/${pull.number}`;
  emit("assistant.message", { messageId: "m1", content: `I have opened ${url} for it.` });
  const text = await comment("I have opened");
  expect(text.match(/\*\*Pull requests?:\*\* .*? · /u)?.[0]).toBe(`**Pull request:** ${link} · `);
});

it("a pull request that the session reports first is shown once, too", async () => {
  world.missionControl.behaveOnce({ context: { branch: "copilot/fix-3" } });
  const { emit, comment } = await startStory(world);
  const octocat = world.github.as("octocat");
  await octocat.createBranch(hello, "copilot/fix-3");
  const file = { path: "fix-3.md", content: "Fixed.\n", branch: "copilot/fix-3" };
  await octocat.commitFile(hello, file);
  world.github.loseNext({ event: "pull_request", action: "opened" });
  const pull = await octocat.openPullRequest(hello, { title: "Fix it", head: "copilot/fix-3" });
  const url = `http://${world.github.host}/octo-org/hello/pull/${pull.number}`;
  const result = { content: `Pull request: ${url}` };
  emit("tool.execution_complete", { toolCallId: "c1", success: true, result });
  const link = `**Pull request:** [#${pull.number}](https://GITHUB/octo-org/hello/pull/${pull.number})`;
  expect(await comment("**Pull request:**")).toContain(`${link} · `);
  const lost = world.github.deliveries.findLast(
    ({ event, action }) => event === "pull_request" && action === "opened",
  );
  await world.github.redeliver(lost?.id ?? "");
  emit("assistant.message", { messageId: "m1", content: "That is all." });
  expect(await comment("That is all.")).toContain(`${link} · `);
});

it("a pull request that only GitHub has reported stays when the runtime dies", async () => {
  const { emit, comment, link } = await openedFrom("copilot/fix-4");
  await comment("**Pull request:**");
  killRuntime();
  emit("assistant.message", { messageId: "m1", content: "Still here." });
  const text = await comment(canAttach ? "Still here." : "the bot lost contact with the session.");
  expect(text).toContain(`**Pull request:** ${link} · `);
});
