import { describe, expect, test, vi } from "vitest";
import { readAuditOptions } from "../../script/lib/audit-options.ts";

/** What the script says of arguments that it refuses, and the code that it exits with. */
function refusal(args: readonly string[]) {
  const exit = new Error("exit");
  const code = vi.spyOn(process, "exit").mockImplementation(() => {
    throw exit;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  expect(() => readAuditOptions(Date.now(), args)).toThrow(exit);
  return { status: code.mock.lastCall?.[0], stderr: stderr.mock.calls.map(String).join("") };
}

describe("a wrong argument of script/audit is refused", () => {
  test.each([
    [["--format", "xml"], "Allowed choices are table, jsonl, csv."],
    [["--since", "yesterday"], "Use a time like 2026-11-21, 2026-11-21T12:00Z, 7d, or 24h."],
    [["--until", "2026-02-30"], "Use a time like 2026-11-21, 2026-11-21T12:00Z, 7d, or 24h."],
    [["--since", "2026-11-21T12:00"], "Use a time like"],
    [["--repository", "hello"], "Use OWNER/NAME, like octo-org/hello."],
    [["--requester", "a b"], "Use a login, like octocat."],
    [["--step", "x"], "Allowed choices are asked, allowed, denied,"],
    [["--reason", "a b"], "Use a code, like policy_blocked."],
    [["--subject", "#7"], "Use a whole number from 1 to 9007199254740991."],
    [["--task", "%"], "Use a task's id, or the beginning of one."],
    [["--limit", "0"], "Use a whole number from 1 to 1000000."],
    [["--limit", "1\n2"], "argument '1 2' is invalid. Use a whole number from 1 to 1000000."],
  ])("%o", (args, sentence) => {
    const { status, stderr } = refusal(args);
    expect(status).toBe(64);
    expect(stderr).toMatch(/^script\/audit: option '[^\n]*\n$/u);
    expect(stderr).toContain(`${args[0]} `);
    expect(stderr).toContain(sentence);
  });
});
