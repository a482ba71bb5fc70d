import { describe, expect, it, vi } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { connect } from "../../sandbox/connecting.ts";
import type { Place, World } from "./world.ts";
import { botComments, canAttach, steady, useWorld } from "./world.ts";

const TIMEOUTS = { followMs: 60_000, editEveryMs: 100, sessionCommandsEveryMs: 200 };

const isLeft = (body: string) => body.includes("time limit for updates");

/** Octocat, who is connected, labels a new issue; gives the session once it works. */
async function startOwn({ github, missionControl, app }: World) {
  const octocat = github.as("octocat");
  await connect("octocat", `${app.url}/connect`);
  const issue = await octocat.openIssue(hello, { title: "It crashes", body: "" });
  const before = missionControl.tasks.length;
  await octocat.label(issue, "copilot:triage");
  await botComments({ github }, issue, (body) => body.includes("[Open session]"));
  const session = missionControl.tasks[before];
  if (session === undefined) throw new TypeError("no session");
  return { issue, session };
}

describe("somebody whose Copilot a session doesn't use", () => {
  const world = useWorld({ connecting: true, timeouts: TIMEOUTS });

  async function deny(issue: Place, asking: string, words: string): Promise<void> {
    const [body = ""] = await botComments(world, issue, (one) => one.includes(asking));
    const command = /\/copilot deny [0-9a-f]{8} [0-9a-f]{4}/u.exec(body)?.[0] ?? "";
    await world.github.as("writer").comment(issue, `${command} ${words}`);
  }

  it("denies what its agent asks for, and says nothing to it", async () => {
    const { issue, session } = await startOwn(world);
    const emit = (type: string, data: Record<string, unknown>) =>
      world.missionControl.emit(session.id, type, data);
    const question = { question: "Where?", choices: ["In src", "In lib"], allowFreeform: true };
    emit("user_input.requested", { requestId: "q1", ...question });
    await deny(issue, "Copilot asks:", "In lib");
    const [declined = ""] = await botComments(world, issue, (body) => body.includes("declined"));
    expect(declined).toContain("`writer` declined Copilot's question.");
    expect(session.responses).toEqual([
      expect.objectContaining({ answer: "The user declined to answer.", wasFreeform: true }),
    ]);

    const shell = { kind: "shell", toolCallId: "c", fullCommandText: "make" };
    emit("permission.requested", { requestId: "r1", permissionRequest: shell });
    await deny(issue, "wants to run", "Push to main instead.");
    const [denied = ""] = await botComments(world, issue, (body) => body.includes("denied"));
    expect(denied).toContain("`writer` denied Copilot's request.");
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([false]);
    const sent = world.missionControl.requests.map(({ body }) => JSON.stringify(body)).join("\n");
    expect(sent).not.toContain("Push to main instead.");
  });
});

describe("a session that the bot doesn't follow anymore", () => {
  const world = useWorld({
    connecting: true,
    timeouts: { ...TIMEOUTS, followMs: 3_000, followForGuestMs: 1_000 },
  });
  const follows = () => world.log.filter((line) => line.includes("session followed again")).length;
  // The last look for events may still be under way when the session is left.
  const requests = () =>
    world.missionControl.requests.filter(({ path }) => !path.includes("/events"));

  it("is looked at again for its owner alone", async () => {
    const { issue } = await startOwn(world);
    const writer = world.github.as("writer");
    await botComments(world, issue, isLeft);
    const [before, asked] = [follows(), requests().length];
    await writer.comment(issue, "/copilot status");
    const answers = await botComments(world, issue, (body) => body.includes("Nothing changed"));
    expect(steady(answers.at(-1) ?? "", world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⚠️ Nothing changed: \`/copilot status\`

      The bot doesn't follow the session of task \`UUID8\` anymore, so the task's comment shows what it last saw. The session uses the Copilot of \`octocat\`, so only they can have the bot follow it again. You can still stop it (\`/copilot stop\`).

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with \`/copilot status\`
      - Repository \`octo-org/hello\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(follows()).toBe(before);
    expect(requests()).toHaveLength(asked);

    await world.github.as("octocat").comment(issue, "/copilot status");
    if (canAttach) await vi.waitUntil(() => follows() === before + 1, { timeout: 30_000 });
    else await botComments(world, issue, (body) => body.includes("lost contact"));
  });

  it.runIf(canAttach)(
    "is followed for a guest until what came of their command is shown",
    async () => {
      const { issue } = await startOwn(world);
      await botComments(world, issue, isLeft);
      const before = follows();
      await world.github.as("writer").comment(issue, "/copilot deny");
      const [after = ""] = await botComments(
        world,
        issue,
        (body) => body.includes("`writer` answered") && isLeft(body),
      );
      expect(after).toContain("`writer` answered, but Copilot isn't waiting for an answer.");
      expect(follows()).toBe(before + 1);
    },
  );
});
