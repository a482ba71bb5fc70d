import { expect, test } from "vitest";
import { findHostedTasks } from "../../src/store/hosted-tasks.ts";
import { HOSTED } from "../core/task.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";

const WAITING = { session: { hosting: { labels: ["gpu"], machine: null } } } as const;

test("tasks that wait for a machine, or are on one, are found until they end", async () => {
  const { database, tasks } = await openStore();
  const hosted = async (number: number, ...layers: Parameters<typeof record>[2][]) => {
    const task = await moving(tasks, commanded(number));
    return record(tasks, task, ADMITTED, ASKED, HOSTED, ...layers);
  };
  await hosted(1, WAITING);
  await hosted(2, {
    state: "idle",
    session: { hosting: { awaySince: "2026-12-01T12:00:00.000Z" } },
  });
  // Their comments aren't up to date.
  await hosted(3, { state: "failed" });
  await hosted(4, { settledAt: "2026-12-01T12:00:00.000Z" });
  const inCloud = await moving(tasks, commanded(5));
  await record(tasks, inCloud, ADMITTED, ASKED);
  const found = await findHostedTasks(database, null);
  const wantedSince = ASKED.session.intentAt;
  expect(found.toSorted((one, other) => one.labels.length - other.labels.length)).toEqual([
    { labels: [], machine: "build-1", wantedSince, awaySince: "2026-12-01T12:00:00.000Z" },
    { labels: ["gpu"], machine: null, wantedSince, awaySince: null },
  ]);
  const { owner, repository } = inCloud.place;
  expect(await findHostedTasks(database, { owner, repository })).toHaveLength(2);
  expect(await findHostedTasks(database, { owner, repository: "other" })).toEqual([]);
});
