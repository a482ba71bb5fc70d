import type { SessionEvent } from "@github/copilot-sdk";
import { expect, it } from "vitest";
import { acceptanceOf } from "../../src/copilot/signs.ts";

let count = 0;

function message(content: string, source?: string): SessionEvent {
  count += 1;
  const id = `event-${count}`;
  const data = { content, ...(source === undefined ? {} : { source }) };
  return { id, timestamp: "2026-11-21T12:00:00.000Z", parentId: null, type: "user.message", data };
}

const byRuntime = (content: string) => message(content);
const byAgent = (content: string) => message(content, "command-1");

it.each([
  ["the runtime reports it", [], [byRuntime("Go on.")], 0],
  ["only the agent reports it", [], [byAgent("Go on.")], 0],
  ["others are reported first", [], [byRuntime("No."), byAgent("No."), byAgent("Go on.")], 2],
  [
    "the agent takes an earlier one with the same words first",
    [byRuntime("Go on.")],
    [byAgent("Go on."), byAgent("Go on.")],
    1,
  ],
  [
    "the agent has taken all earlier ones with the same words",
    [byRuntime("Go on."), byAgent("Go on.")],
    [byAgent("Go on.")],
    0,
  ],
])("a follow-up has arrived when %s", (_when, past, events, index) => {
  const read = acceptanceOf("Go on.", past);
  expect(events.findIndex((event) => read(event) === true)).toBe(index);
});
