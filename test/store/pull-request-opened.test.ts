import { describe, expect, test } from "vitest";
import type { SubjectEvent } from "../../src/core/webhook/subject-event.ts";
import { AT_NOON } from "./living.ts";
import { ADMITTED } from "./story.ts";
import type { Layer } from "../core/task.ts";
import { over } from "../core/task.ts";
import { crowded, NOTHING, recorded, RUNNING, source, triaged } from "./subject-events.ts";

describe("when a pull request is opened", () => {
  const URL_8 = "https://github.com/octo-org/hello/pull/8";
  const ON_BRANCH: Layer = over(RUNNING, { session: { branch: "copilot/fix-7" } });
  const opened = (branch = "copilot/fix-7"): SubjectEvent => {
    return { ...source(), change: { type: "pull_request_opened", branch, url: URL_8 } };
  };

  test("the session on its branch gets it, and no other", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const own = await recorded(
      tasks,
      triaged(1),
      over(ON_BRANCH, { decision: { onClose: "keep" } }),
    );
    const others = [
      await recorded(tasks, triaged(2), over(RUNNING, { session: { branch: "copilot/fix-8" } })),
      await recorded(tasks, triaged(3), RUNNING),
      await recorded(tasks, triaged(4, { place: { repositoryId: 5 } }), ON_BRANCH),
      await recorded(tasks, triaged(5), { ...ON_BRANCH, settledAt: AT_NOON }),
      await recorded(tasks, triaged(6), ADMITTED),
    ];
    expect(await subjects.applySubjectEvent(opened())).toMatchObject({
      canceled: 0,
      steered: [own.id],
    });
    expect(await sessionCommands.waiting([own, ...others].map(({ id }) => id))).toEqual([own.id]);
    const news = { taskId: own.id, type: "pull_request", text: URL_8, requester: "hubot" };
    expect(await sessionCommands.take(own.id)).toMatchObject([news]);
    for (const task of [own, ...others]) expect(await tasks.get(task.id)).toEqual(task);
  });

  test("one from the branch that sessions begin at reaches no session", async () => {
    const { tasks, subjects } = await crowded();
    const branches = { decision: { branch: "develop" }, session: { branch: "develop" } };
    await recorded(tasks, triaged(1), over(RUNNING, branches));
    expect(await subjects.applySubjectEvent(opened("develop"))).toEqual(NOTHING);
  });

  test("no task is canceled that waits on its branch", async () => {
    const { tasks, subjects } = await crowded();
    const branches = {
      decision: { branch: "copilot/fix-7" },
      session: { branch: "copilot/fix-7" },
    };
    const waiting = await recorded(tasks, triaged(1), over(ADMITTED, branches));
    expect(await subjects.applySubjectEvent(opened())).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
  });

  test("the session gets it once, however often the delivery comes", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const { id } = await recorded(tasks, triaged(1), ON_BRANCH);
    const again = opened();
    expect(await subjects.applySubjectEvent(again)).toMatchObject({ canceled: 0, steered: [id] });
    expect(await sessionCommands.take(id)).toHaveLength(1);
    expect(await subjects.applySubjectEvent(again)).toEqual(NOTHING);
    expect(await sessionCommands.take(id)).toEqual([]);
  });
});
