import { describe, expect, it } from "vitest";
import type { Place, World } from "../world.ts";
import { botComments, steady, useWorld } from "../world.ts";
import { answerTo, ask, askedAbout, LINK, newIssue, ONE_SESSION, withPolicy } from "./story.ts";

const names = ["line", "stopped", "asked", "closed", "unlabeled", "people", "raised"];
const world = useWorld({
  repositories: names.map((name) => ({ name })),
  variables: { FOLLOW_MINUTES: "5" },
});

const ONE_AT_ONCE = "limits: { at_once: 1 }";

function sessionsIn({ missionControl }: World, repo: string): string[] {
  const here = missionControl.tasks.filter(({ repository }) => repository === `octo-org/${repo}`);
  return here.map(({ id }) => id);
}

function endSession(repo: string, number: number): void {
  const id = sessionsIn(world, repo)[number - 1] ?? "";
  world.missionControl.emit(id, "session.task_complete", { summary: "Looked." });
}

/** A repository where one session runs, and a task on the issue waits. */
async function withWaiting(repo: string, asked = "copilot:triage") {
  await withPolicy(world, repo, ONE_AT_ONCE);
  expect(await answerTo(world, "octocat", await newIssue(world, repo), asked)).toContain(LINK);
  const issue = await newIssue(world, repo);
  const comment = await answerTo(world, "writer", issue, asked);
  expect(comment).toContain("### ⏳ Copilot is waiting in line");
  const id = /Task `(?<id>[0-9a-f]{8})`/u.exec(comment)?.groups?.["id"] ?? "";
  return { issue, comment, id };
}

/** The one comment of the bot on a subject, once it says this. */
async function commentWith(subject: Place, text: string): Promise<string> {
  const comments = await botComments(world, subject, (body) => body.includes(text));
  expect(comments).toHaveLength(1);
  return shown(comments[0] ?? "");
}

function shown(comment: string): string {
  return steady(comment, world).replaceAll(/(?<=\/copilot \w+ )[0-9a-f]{8}\b/gu, "UUID8");
}

describe("a task beyond limits.at_once", () => {
  it("says that it is queued, and starts in the same comment when a session ends, the oldest first", async () => {
    const { issue, comment } = await withWaiting("line");
    expect(shown(comment)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏳ Copilot is waiting in line: triage

      This repository runs at most 1 session at once (\`limits.at_once\`). This task starts when a session ends. Tasks that have waited longer start first.

      To cancel it, comment \`/copilot stop UUID8\`, or remove the label \`copilot:triage\`.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:triage\`
      - Repository \`octo-org/line\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/line/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
    const last = await newIssue(world, "line");
    expect(await answerTo(world, "octocat", last, "/copilot triage")).toContain(
      "### ⏳ Copilot is waiting in line",
    );
    expect(askedAbout(world, "line")).toEqual(ONE_SESSION);
    expect(shown(await answerTo(world, "writer", issue, "/copilot status"))).toContain(
      "is waiting in line and has no session yet. To cancel it, comment `/copilot stop UUID8`.",
    );

    endSession("line", 1);
    const started = () => botComments(world, issue, (body) => body.includes(LINK));
    const [same, status] = await started();
    expect(same).toContain(comment.split("\n")[0]);
    expect(status).toContain("### ⚠️ Nothing changed: `/copilot status`");
    expect((await botComments(world, last))[0]).toContain("### ⏳ Copilot is waiting in line");
    expect(askedAbout(world, "line")).toEqual([...ONE_SESSION, ...ONE_SESSION]);
    endSession("line", 2);
    await commentWith(last, LINK);
    expect(askedAbout(world, "line")).toHaveLength(6);
  });

  it("is ended by /copilot stop", async () => {
    const { issue, id } = await withWaiting("stopped");
    await ask(world, "writer", issue, `/copilot stop ${id}`);
    expect(await commentWith(issue, "### ⏹️ Copilot was stopped")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Stopped by \`writer\` before it started.

      No session was created, so nothing was charged. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [writer](https://GITHUB/writer) with the label \`copilot:triage\`
      - Repository \`octo-org/stopped\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/stopped/commit/COMMIT)
      - Task \`UUID8\`

      </details>
      "
    `);
    const next = await newIssue(world, "stopped");
    expect(await answerTo(world, "octocat", next, "copilot:triage")).toContain(
      "### ⏳ Copilot is waiting in line",
    );
    endSession("stopped", 1);
    await commentWith(next, LINK);
    expect(askedAbout(world, "stopped")).toEqual([...ONE_SESSION, ...ONE_SESSION]);
  });

  it.each(["closed", "asked"] as const)(
    "is canceled when its issue is closed (%s)",
    async (repo) => {
      const trigger = repo === "asked" ? "/copilot fix" : "copilot:triage";
      const { issue } = await withWaiting(repo, trigger);
      await world.github.as("octocat").close(issue);
      expect(await commentWith(issue, "### ⏹️ Copilot didn't start")).toContain(
        "This was closed before the task started.",
      );
      expect(askedAbout(world, repo)).toEqual(ONE_SESSION);
    },
  );

  it("is canceled when its label is removed", async () => {
    const { issue } = await withWaiting("unlabeled");
    await world.github.as("writer").unlabel(issue, "copilot:triage");
    expect(await commentWith(issue, "### ⏹️ Copilot didn't start")).toContain(
      "The label was removed before the task started.",
    );
  });

  it("starts when a session begins to wait for somebody", async () => {
    const { issue } = await withWaiting("people");
    const [session = ""] = sessionsIn(world, "people");
    const permissionRequest = { kind: "shell", toolCallId: "r1", fullCommandText: "make" };
    world.missionControl.emit(session, "permission.requested", {
      requestId: "r1",
      permissionRequest,
    });
    await commentWith(issue, LINK);
  });

  it("starts when the policy lets more run", async () => {
    const { issue } = await withWaiting("raised");
    const other = await newIssue(world, "raised");
    expect(await answerTo(world, "octocat", other, "copilot:fix")).toContain(
      "### ⏳ Copilot is waiting in line",
    );
    await withPolicy(world, "raised", "limits: { at_once: null }");
    // The next task finds no limit, and the queue starts after the first session's end.
    endSession("raised", 1);
    await commentWith(issue, LINK);
    await commentWith(other, LINK);
  });
});
