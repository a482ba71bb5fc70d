import { expect, test } from "vitest";
import { playSession } from "./followed-session.ts";
import { MINUTE, openFollowing, pass, settle, useClock } from "./opened-following.ts";
import { SHELL } from "../core/asking.ts";

useClock();

const TEST = { ...SHELL, command: "npm test" };

/** A session whose task another replica has taken, while this process could not renew its claim. */
async function takenOver() {
  const opened = await openFollowing();
  const { follow, tasks, breakClaims } = opened;
  const { task, session, end } = await follow({ decision: { permissionsPolicy: "approve" } });
  await pass(MINUTE);
  const restore = breakClaims();
  await pass(10_000);
  const claim = await tasks.claim(task.id, "start");
  expect(claim.type).toBe("claimed");
  restore();
  return { ...opened, task, session, end };
}

test("a process that learns that another has its task disconnects from the session, and writes nothing", async () => {
  const { task, session, end, edits, get, lines } = await takenOver();
  const [row, before] = [await get(task), edits.length];
  await pass(3_000);
  await expect(end).rejects.toThrow("was claimed by somebody else");
  expect(session.calls).toEqual(["detach"]);
  session.emit({ type: "asked", requestId: "1", asking: TEST });
  session.emit({ type: "completed", summary: "All is well." });
  await pass(MINUTE);
  expect(session.calls).toEqual(["detach"]);
  expect(edits.length).toBe(before);
  expect(await get(task)).toEqual(row);
  expect(lines.at(-1)).toBe("claim lost to another replica");
});

test("before it has learned that, it answers nothing either, and takes no session commands", async () => {
  const { task, session, end, sessionCommands, following } = await takenOver();
  session.emit({ type: "asked", requestId: "1", asking: TEST });
  await settle();
  expect(session.calls).toEqual(["detach"]);
  await expect(end).rejects.toThrow("was claimed by somebody else");
  await sessionCommands.give({
    id: "o",
    taskId: task.id,
    type: "stop",
    text: "",
    requester: "writer",
  });
  following.nudge(task.id);
  await settle();
  expect(await sessionCommands.waiting([task.id])).toEqual([task.id]);
});

test("a session command is left to the other replica", async () => {
  const { task, session, sessionCommands, following } = await takenOver();
  await sessionCommands.give({
    id: "o",
    taskId: task.id,
    type: "stop",
    text: "",
    requester: "writer",
  });
  following.nudge(task.id);
  await settle();
  expect(session.calls).toEqual(["detach"]);
  expect(await sessionCommands.waiting([task.id])).toEqual([task.id]);
});

test("a session without connection is left before it's followed, too", async () => {
  const { tasks, claim, converse } = await openFollowing();
  const task = await claim();
  await pass(10_000);
  await tasks.claim(task.id, "start");
  const session = playSession("session");
  await expect(converse().begin(task, session, "Look.")).rejects.toThrow(
    "was claimed by somebody else",
  );
  expect(session.calls).toEqual(["detach"]);
});

test("a database that is down for a moment ends nothing", async () => {
  const { follow, breakClaims, get } = await openFollowing();
  const { task, session } = await follow();
  const restore = breakClaims();
  await pass(10_000);
  restore();
  await pass(3_000);
  session.emit({ type: "completed", summary: "All is well." });
  await settle();
  expect(await get(task)).toMatchObject({ state: "completed", attempt: 1 });
});
