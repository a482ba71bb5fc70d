import type { SessionEvent } from "@github/copilot-sdk";
import { afterEach, expect, it, vi } from "vitest";
import { createEventLog } from "../../src/copilot/event-log.ts";

function message(id: string, second: number): SessionEvent {
  const timestamp = new Date(1_700_000_000_000 + second * 1_000).toISOString();
  const data = { messageId: id, content: id };
  return { id, timestamp, parentId: null, type: "assistant.message", data };
}

function observed(log: ReturnType<typeof createEventLog>): string[] {
  const ids: string[] = [];
  log.observe(({ id }) => ids.push(id));
  return ids;
}

const idOf = ({ id }: SessionEvent) => id;

afterEach(() => {
  vi.useRealTimers();
});

it("returns the past in order of time, and late events when they come", () => {
  const log = createEventLog();
  for (const event of [message("b", 2), message("c", 3), message("a", 1)]) log.add(event);
  const ids = observed(log);
  log.add(message("e", 5));
  log.add(message("d", 4));
  expect(ids).toEqual(["said a 0", "said b 0", "said c 0", "said e 0", "said d 0"]);
});

it("takes an event once", () => {
  const log = createEventLog();
  const ids = observed(log);
  const event: SessionEvent = {
    id: "event-1",
    timestamp: new Date().toISOString(),
    parentId: null,
    type: "assistant.turn_start",
    data: { turnId: "0" },
  };
  log.add(event);
  log.add(event);
  expect(ids).toHaveLength(1);
});

it("looks back for the start and the link only, and ahead for everything", async () => {
  vi.useFakeTimers();
  const log = createEventLog();
  log.add(message("a", 1));
  const first = log.first(idOf, 1_000);
  const next = log.next(idOf, 1_000);
  log.add(message("b", 2));
  expect(await Promise.all([first, next])).toEqual(["b", "b"]);
  const never = log.next(idOf, 1_000);
  vi.advanceTimersByTime(1_000);
  expect(await never).toBeNull();
});

it("that is closed ends all waiting, and returns nothing more", async () => {
  const log = createEventLog();
  const ids = observed(log);
  const next = log.next(() => true, 60_000);
  log.close();
  expect(log.closed.aborted).toBe(true);
  expect(await next).toBeNull();
  expect(await log.next(() => true, 60_000)).toBeNull();
  expect(await log.first(() => true, 60_000)).toBeNull();
  log.add(message("a", 1));
  expect(ids).toEqual([]);
});
