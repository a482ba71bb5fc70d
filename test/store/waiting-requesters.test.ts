import { expect, test } from "vitest";
import type { Task } from "../../src/core/task/task.ts";
import type { NewConnectionRow } from "../../src/ports/connection-rows.ts";
import type { Layer } from "../core/task.ts";
import { openStore } from "./opened.ts";
import { moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";

const UNTIL = "2026-12-02T12:00:00.000Z";
const AT = "2026-11-29T12:00:00.000Z";
const RESTS: Layer = {
  state: "waiting_for_user",
  schedule: { connectBy: UNTIL, notBefore: UNTIL },
};

const connected = (userId: number): NewConnectionRow => ({
  userId,
  login: "octocat",
  host: "github.com",
  kind: "app",
  rights: { plan: null, cloudSessions: null, remoteControl: null },
  sealed: { token: "v1.sealed", refreshToken: null },
  connectedAt: AT,
  expiresAt: null,
});

const whereOf = ({ place, subject, requester }: Task) => ({
  repositoryId: place.repositoryId,
  subjectNumber: subject.number,
  requesterId: requester.id,
});

/** A database in which tasks rest until their requester has connected. */
async function resting(...changes: readonly Layer[]) {
  const store = await openStore();
  const tasks: Task[] = [];
  for (const [index, change] of changes.entries()) {
    const moved = await moving(store.tasks, commanded(index + 1, change));
    const rests = await record(store.tasks, moved, RESTS);
    if (rests === null) throw new TypeError("the claim was lost");
    tasks.push(rests);
    await store.tasks.release(moved);
  }
  return { ...store, asked: tasks };
}

const OTHER_THREAD = { subject: { number: 77 } };
const OTHER_PERSON = { requester: { login: "mona", id: 99 } };

test("one task asks a person in a thread, however many want to at once", async () => {
  const { asked, waitingRequesters } = await resting({}, {}, {}, OTHER_THREAD, OTHER_PERSON);
  const claims = await Promise.all(
    asked.map((task) => waitingRequesters.claimAsking(task.id, whereOf(task), AT)),
  );
  expect(claims.slice(0, 3).filter(Boolean)).toHaveLength(1);
  expect(claims.slice(3)).toEqual([true, true]);
  const asking = asked[claims.indexOf(true)];
  if (asking === undefined) throw new TypeError("nobody asks");
  expect(await waitingRequesters.claimAsking(asking.id, whereOf(asking), AT)).toBe(true);
});

test("the next one asks when the one that did waits no longer", async () => {
  const { asked, tasks, waitingRequesters } = await resting({}, {}, OTHER_PERSON);
  const [first, second, others] = asked;
  if (first === undefined || second === undefined || others === undefined) throw new TypeError();
  await waitingRequesters.claimAsking(first.id, whereOf(first), AT);
  await waitingRequesters.claimAsking(others.id, whereOf(others), AT);
  expect(await waitingRequesters.wakeUnasked()).toEqual([]);
  const claim = await tasks.claim(first.id, "receive");
  if (claim.type !== "claimed") throw new TypeError("not claimed");
  await record(tasks, claim.task, { settledAt: AT });
  const woken = await waitingRequesters.wakeUnasked();
  expect(woken.map(({ id }) => id)).toEqual([second.id]);
  // It's awake now.
  expect(await waitingRequesters.wakeUnasked()).toEqual([]);
  expect(await waitingRequesters.claimAsking(second.id, whereOf(second), AT)).toBe(true);
});

test("a task is woken once, when its requester has connected", async () => {
  const { asked, tasks, connectionRows, waitingRequesters } = await resting({}, {}, OTHER_PERSON);
  const [first] = asked;
  if (first === undefined) throw new TypeError();
  expect(await waitingRequesters.connectedIds()).toEqual([]);
  await connectionRows.put(connected(first.requester.id));
  expect(await waitingRequesters.connectedIds()).toEqual([first.requester.id]);
  const woken = await waitingRequesters.wake(first.requester.id);
  expect(woken.map(({ id }) => id).toSorted((one, other) => (one < other ? -1 : 1))).toEqual(
    asked.slice(0, 2).map(({ id }) => id),
  );
  expect(await waitingRequesters.connectedIds()).toEqual([]);
  expect(await waitingRequesters.wake(first.requester.id)).toEqual([]);
  expect((await tasks.get(first.id))?.schedule).toMatchObject({
    notBefore: null,
    connectBy: UNTIL,
  });
});
