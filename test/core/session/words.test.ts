import { describe, expect, test } from "vitest";
import { observationsOf } from "../../../src/core/session/events.ts";
import { whatEnds } from "../../watchdog.ts";

/** What the agent says, as it's observed. */
function messageOf(content: string): string {
  const event = { id: "e1", timestamp: "2026-11-21T12:00:00Z", type: "assistant.message" };
  const [one] = observationsOf({ ...event, data: { content } });
  return one?.type === "said" ? one.text : expect.fail("nothing said");
}

describe("the agent's words", () => {
  test("are cut where they're long, between characters", () => {
    const text = messageOf("😀".repeat(10_000));
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect([text.isWellFormed(), text.endsWith("…")]).toEqual([true, true]);
  });

  test.each([
    ["a\0b", "a\uFFFDb"],
    ["cut \uD83D", "cut \uFFFD"],
  ])("are such that they can be stored: %j", (content, text) => {
    expect(messageOf(content)).toBe(text);
  });

  test("are searched for pull requests in a time that grows with their length", () => {
    const content = "https://github.com/a/a/pull/".repeat(100_000);
    const data = { toolCallId: "c", success: true, result: { content } };
    const event = { id: "e1", timestamp: "2026-11-21T12:00:00Z", data };
    const read = () => observationsOf({ ...event, type: "tool.execution_complete" });
    expect(() => whatEnds(read)).not.toThrow();
  });
});
