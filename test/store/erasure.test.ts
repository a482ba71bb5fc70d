import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSessionCommands } from "../../src/store/session-commands.ts";
import { requested } from "../worker/world.ts";
import { AT_NOON, at, installation, living, NOON } from "./living.ts";
import { ADMITTED, ASKED, inserted, insertMany, moving, record, STARTED } from "./story.ts";
import { commanded } from "./trigger.ts";
import { over } from "../core/task.ts";
import { changed, taskWith } from "../core/task.ts";

describe("what is known of an installation is erased", () => {
  const BY = taskWith();
  const others = { place: { installationId: 32, ownerId: 5, repositoryId: 6 } };

  async function eraseable() {
    const store = await living();
    const { database, tasks, approvals, installations } = store;
    const left = async () => ({
      tasks: (await database.selectFrom("tasks").select("deliveryId").execute()).length,
      orders: (await database.selectFrom("orders").select("id").execute()).length,
      audit: (await database.selectFrom("audit").select("id").execute()).length,
      approvals: (await database.selectFrom("approvals").select("commit").execute()).length,
      hosted: (await database.selectFrom("hostedSessions").select("id").execute()).length,
      installations: (await store.rows()).map(({ id }) => id),
    });
    const approve = (commit: string, installationId: number | null, ownerId: number) =>
      approvals.approve(
        { repositoryId: 6, subjectNumber: 8 },
        commit,
        changed(BY, { place: { installationId, ownerId } }),
      );
    /** Somebody writes a command to the task of this comment. */
    const command = async (comment: number) => {
      const ofComment = database.selectFrom("tasks").where("commandCommentId", "=", comment);
      const { id: taskId } = await ofComment.select("id").executeTakeFirstOrThrow();
      const message = { type: "send", text: "Go on", requester: "octocat" } as const;
      await createSessionCommands(database, () => new Date(NOON)).give({
        id: `command-${comment}`,
        taskId,
        ...message,
      });
    };
    /** It waits for a worker. */
    const hostedSession = async (id: string, taskId: string) => {
      const request = JSON.stringify(requested({ taskId, sessionId: id }));
      const row = { id, request, state: "waiting", client: "", fence: 1 } as const;
      const none = { worker: null, process: null, failure: null, updatedAt: 1 };
      await database
        .insertInto("hostedSessions")
        .values({ ...row, ...none })
        .execute();
    };
    const end = (minutes: number) => {
      store.goTo(minutes);
      return installations.applyInstallationEvent(
        installation("installation_deleted", { at: at(minutes) }),
      );
    };
    return { ...store, tasks, left, approve, command, hostedSession, end };
  }

  test("with its tasks, audit and approvals, and nothing of others", async () => {
    const { tasks, installations, approve, command, hostedSession, end, left } = await eraseable();
    const session = { ...ASKED.session, ...STARTED.session };
    const started = { ...ASKED, session, settledAt: AT_NOON };
    const first = await moving(tasks, commanded(1));
    await record(tasks, first, started);
    // Of one that failed before anything was created, the task knows nothing anymore.
    await hostedSession(randomUUID(), first.id);
    await inserted(tasks, commanded(2));
    await record(tasks, await moving(tasks, commanded(3, others)), ASKED);
    await approve("a", 31, 9_919);
    await approve("b", 32, 5);
    await command(1);
    await command(3);
    await installations.applyInstallationEvent(
      installation("installation_created", { installationId: 32, ownerId: 5 }),
    );
    await end(1);
    expect(await left()).toMatchObject({ tasks: 3, orders: 2, audit: 6, approvals: 2 });
    expect(await installations.eraseInstallations(new Date(at(1)))).toBe(0);
    expect(await left()).toMatchObject({ tasks: 3, orders: 2, audit: 6, approvals: 2, hosted: 1 });
    expect(await installations.eraseInstallations(new Date(at(2)))).toBe(1);
    expect(await left()).toEqual({
      tasks: 1,
      orders: 1,
      audit: 2,
      approvals: 1,
      hosted: 0,
      installations: [32],
    });
    expect(await installations.eraseInstallations(new Date(at(2)))).toBe(0);
  });

  test("with what its account did before its end where no installation was named", async () => {
    const { tasks, installations, approve, end, left, goTo } = await eraseable();
    const unnamed = { place: { installationId: null } };
    await inserted(tasks, commanded(1, unnamed));
    const known = await moving(tasks, commanded(2, unnamed));
    await record(tasks, known, over(ADMITTED, { place: { installationId: 31 } }));
    await inserted(tasks, commanded(3, over(unnamed, { place: { ownerId: 5 } })));
    await approve("a", null, 9_919);
    await end(1);
    // The account has installed the App again.
    goTo(2);
    await inserted(tasks, commanded(4, { place: { installationId: 33 } }));
    await inserted(tasks, commanded(5, unnamed));
    await approve("b", 33, 9_919);
    await installations.eraseInstallations(new Date(at(3)));
    expect(await left()).toEqual({
      tasks: 3,
      orders: 0,
      audit: 3,
      approvals: 1,
      hosted: 0,
      installations: [],
    });
  });

  test("but not when it was created again", async () => {
    const { tasks, installations, end, left } = await eraseable();
    await inserted(tasks, commanded(1));
    await end(1);
    await installations.applyInstallationEvent(installation("installation_created", { at: at(2) }));
    expect(await installations.eraseInstallations(new Date(at(9)))).toBe(0);
    expect(await left()).toMatchObject({ tasks: 1, audit: 2, installations: [31] });
  });

  test("whatever its number of tasks", async () => {
    const { tasks, installations, end, left } = await eraseable();
    await insertMany(tasks, 1_100);
    await end(1);
    expect(await installations.eraseInstallations(new Date(at(2)))).toBe(1);
    expect(await left()).toEqual({
      tasks: 0,
      orders: 0,
      audit: 0,
      approvals: 0,
      hosted: 0,
      installations: [],
    });
  });

  test("of an installation without an account, by its id", async () => {
    const { tasks, installations, left } = await eraseable();
    await inserted(tasks, commanded(1));
    await inserted(tasks, commanded(2, { place: { installationId: null } }));
    const nobody = { ownerId: null, owner: null };
    await installations.applyInstallationEvent(installation("installation_deleted", nobody));
    await installations.eraseInstallations(new Date(at(2)));
    expect(await left()).toMatchObject({ tasks: 1, audit: 1 });
  });
});
