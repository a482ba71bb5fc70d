import { expect, test } from "vitest";
import type { InstallationEvent } from "../../src/core/webhook/installation-event.ts";
import { living } from "./living.ts";
import { ADMITTED, ASKED, inserted, moving, record, STARTED } from "./story.ts";
import { commanded } from "./trigger.ts";
import { changed, over } from "../core/task.ts";

const OTHER = { owner: "octo-org", ownerId: 9_919, repository: "other", repositoryId: 5 };

let deliveries = 0;
function transferred(from: object, to: object): InstallationEvent {
  const what = { type: "subject_transferred", repositoryId: 1_296_269, subjectNumber: 7 } as const;
  const place = { ...OTHER, installationId: null, subjectNumber: 3 };
  const deliveryId = `transfer-${(deliveries += 1)}`;
  const change = { ...what, ...from, to: { ...place, ...to } };
  return { type: "installation_event", deliveryId, change };
}

test("all tasks of an issue go where it goes; a session keeps to its repository", async () => {
  const { tasks, installations } = await living();
  const waiting = await inserted(tasks, commanded(1));
  const running = await record(
    tasks,
    await moving(tasks, commanded(2)),
    over(ADMITTED, ASKED, STARTED, {
      shown: {
        comment: { id: 9, intentAt: "2026-11-21T12:00:04.000Z" },
        notice: { id: 10, intentAt: "2026-11-21T12:00:05.000Z", about: "failed" },
      },
    }),
  );
  const settled = await record(tasks, await moving(tasks, commanded(3)), {
    ...ASKED,
    settledAt: "2026-11-21T12:00:05.000Z",
  });
  const another = await inserted(tasks, commanded(4, { subject: { number: 8 } }));
  if (running === null || settled === null) throw new TypeError("lost");

  await installations.applyInstallationEvent(transferred({}, {}));
  const moved = over({
    place: OTHER,
    subject: { number: 3 },
    shown: { comment: { id: null }, notice: { id: null } },
  });
  expect(await tasks.get(waiting.id)).toEqual(
    changed(waiting, moved, { place: { movedFrom: null } }),
  );
  const movedFrom = "octo-org/hello#7";
  expect(await tasks.get(running.id)).toEqual(changed(running, moved, { place: { movedFrom } }));
  expect(await tasks.get(settled.id)).toEqual(changed(settled, moved, { place: { movedFrom } }));
  expect(await tasks.get(another.id)).toEqual(another);
  expect((await tasks.newest({ repositoryId: 5, subjectNumber: 3 })).ofAll).not.toBeNull();

  // A process that moves the task learns of it with the next write.
  expect(await record(tasks, running, { session: { progress: { note: "Hello." } } })).toMatchObject(
    over(moved, { place: { movedFrom } }),
  );
});

test("an issue that is transferred again, and the same transfer once more", async () => {
  const { tasks, installations } = await living();
  const running = await record(tasks, await moving(tasks, commanded(1)), over(ASKED, STARTED));
  const first = transferred({}, {});
  await installations.applyInstallationEvent(first);
  const there = { repository: "third", repositoryId: 6, installationId: 32 };
  const third = { ...there, subjectNumber: 4 };
  await installations.applyInstallationEvent(
    transferred({ repositoryId: 5, subjectNumber: 3 }, third),
  );
  await installations.applyInstallationEvent(first);
  expect(await tasks.get(running?.id ?? "")).toMatchObject({
    place: { ...there, movedFrom: "octo-org/hello#7" },
    subject: { number: 4 },
  });
});
