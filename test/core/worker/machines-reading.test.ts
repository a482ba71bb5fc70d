import { expect, test } from "vitest";
import type { Machine } from "../../../src/core/worker/machine.ts";
import type { HostedTask } from "../../../src/core/worker/machines-reading.ts";
import { machinesReading } from "../../../src/core/worker/machines-reading.ts";

const NOON = new Date("2026-12-01T12:00:00.000Z");

function machine(changes: Partial<Machine>): Machine {
  return {
    name: "a",
    labels: [],
    places: 2,
    taken: 1,
    isThere: true,
    hasOtherVersion: false,
    sinceMs: 0,
    ...changes,
  };
}

function task(changes: Partial<HostedTask>): HostedTask {
  const wantedSince = "2026-12-01T11:59:00.000Z";
  return { labels: [], machine: null, wantedSince, awaySince: null, ...changes };
}

test("nothing is there at first", () => {
  expect(machinesReading([], [], NOON)).toEqual({
    there: 0,
    away: 0,
    otherVersion: 0,
    places: 0,
    taken: 0,
    waiting: { room: 0, machine: 0 },
    oldestWaitingSeconds: 0,
    unreached: 0,
  });
});

test("machines that are away, or of another version, have no places, and serve nobody", () => {
  const machines = [
    machine({ labels: ["gpu"] }),
    machine({ places: 4, taken: 4 }),
    machine({ labels: ["gpu", "large"], places: 8, isThere: false }),
    machine({ labels: ["gpu", "large"], places: 8, isThere: false, hasOtherVersion: true }),
  ];
  const tasks = [
    task({}),
    task({ labels: ["gpu"], wantedSince: "2026-12-01T11:58:00.000Z" }),
    task({ labels: ["gpu", "large"] }),
    task({ machine: "a", wantedSince: "2026-11-01T11:59:00.000Z" }),
    task({ machine: "c", awaySince: "2026-12-01T11:59:30.000Z" }),
  ];
  expect(machinesReading(machines, tasks, NOON)).toEqual({
    there: 2,
    away: 1,
    otherVersion: 1,
    places: 6,
    taken: 5,
    waiting: { room: 2, machine: 1 },
    oldestWaitingSeconds: 120,
    unreached: 1,
  });
});

test("a machine whose clock is ahead has nobody wait for less than no time", () => {
  const ahead = task({ wantedSince: "2026-12-01T12:00:01.000Z" });
  expect(machinesReading([], [ahead], NOON).oldestWaitingSeconds).toBe(0);
});
