import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeProblems } from "../../../src/core/comment/settings.ts";
import { readPolicyFile } from "../../../src/core/policy/read.ts";
import { readMarkdown } from "../markdown.ts";
import { anySettings, fileOf, problemsIn, textOf } from "./files.ts";
import { runs } from "../../runs.ts";

describe("nothing is wrong with", () => {
  test.each(["", "\n", "# nothing yet\n", "---\n", "\uFEFF", "{}", "\uFEFFforks: deny\r\n"])(
    "%j",
    (text) => {
      expect(problemsIn(text)).toEqual([]);
    },
  );

  test("a file with every key", () => {
    const text = `
labels:
  copilot:triage: triage
  copilot:fix: null
commands:
  triage: { kind: triage, description: Triages., example: /copilot triage now }
  fix: fix
  review: null
prompts:
  fix: |
    Fix {{ subject }} of {{ owner }}/{{ repository }} on {{ branch }}.
    {% if subject_type == "issue" %}{{ subject_number }}{% else %}{{ subject_url }}{% endif %}
  review: { path: .github/copilot/review.md }
permissions:
  default: { least: write }
  fix:
    label: { least: maintain }
    command: { allow: { users: [Ada], teams: [octo-org/core] }, deny: null }
branches: { eligible: [main, "release/**", "**"], issues: develop }
forks: allow-after-ok
limits:
  requester: { hour: 5, day: 20 }
  repository: { hour: 20, day: null }
  organization: { hour: 100, day: 500 }
  at_once: 3
labels_after: { remove_trigger: true, running: copilot:running, failed: null }
context: all
permissions_policy: deny-writes-to-default-branch
on_close: stop
check_run: true
session_limits: { ai_credits: 100 }
`;
    expect(problemsIn(text)).toEqual([]);
    expect(problemsIn(`${text}enforced: true\n`, "organization")).toEqual([]);
    expect(problemsIn(`${text}enforced: [forks]\n`, "organization")).toEqual([]);
    expect(problemsIn(text.replaceAll("\n", "\r\n"))).toEqual([]);
  });

  test("any settings", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(fileOf(textOf(settings), "repository").settings).toEqual(settings);
      }),
    );
  });
});

test("a byte order mark is no character of the first line", () => {
  expect(problemsIn("\uFEFFforks: x")).toEqual([
    "1:8 `forks` must be one of `deny`, `base`, `allow-after-ok`",
  ]);
});

test("all problems come in the order of the text, and no more than fifty", () => {
  const text = Array.from({ length: 53 }, (_, index) => `  a${index}: fix\n`).join("");
  const problems = problemsIn(`forks: x\ncommands:\n${text}context: y\n`);
  expect(problems).toHaveLength(51);
  expect(problems[0]).toBe("1:8 `forks` must be one of `deny`, `base`, `allow-after-ok`");
  expect(problems[49]).toMatch(/^51:3 /u);
  expect(problems[50]).toBe("52:3 … and 5 more");
});

describe("whatever is in the file,", () => {
  const nasty = fc.oneof(
    fc.constantFrom("@everyone", "<!-- x", "`", "](https://evil.example)", "\u202E", "![x](y)"),
    fc.constantFrom("labels", "copilot:", "fix", "prompts", "{{", "{%", "}}", "%}", "|", "null"),
    fc.constantFrom("&a", "*a", "!t", "\n", "\r\n", ": ", "- ", "  ", '"', "'", "#", "[", "]", "{"),
    fc.string({ maxLength: 5 }),
  );

  test("there is an answer", () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 40 }), (words) => {
        const text = words.join("");
        const read = readPolicyFile(text, "repository");
        if (read.type === "file") return;
        expect(read.problems.length).toBeGreaterThan(0);
        const lines = text.split("\n");
        for (const { line, column } of read.problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });

  test("a place is in the line that it names, even where lines end inside a wrong key", () => {
    const read = readPolicyFile("![x](y)\n$: !", "repository");
    const places =
      read.type === "problems" ? read.problems.map(({ line, column }) => [line, column]) : [];
    expect(places).toEqual([
      [1, 1],
      [1, 2],
      [2, 4],
    ]);
  });

  test("its words are shown as code, on one line", () => {
    const marked = fc.array(nasty).map((words) => `k3y${words.join("")}@octocat`);
    fc.assert(
      fc.property(marked, marked, marked, (key, value, template) => {
        const settings = {
          [key]: value,
          forks: value,
          labels: { [key]: value, [`copilot:${key}`]: key },
          commands: { [key]: { kind: value, [value]: key } },
          prompts: { fix: `{{ ${template} }}`, ask: `{% ${template} %}`, [key]: { path: value } },
          branches: { eligible: [value] },
          permissions: { [key]: { allow: { users: [value] } } },
        };
        const read = readPolicyFile(JSON.stringify(settings), "repository");
        const problems = read.type === "problems" ? read.problems : [];
        expect(problems.length).toBeGreaterThan(5);
        for (const { message } of problems) expect(message).not.toMatch(/[\n\r\u2028]/u);
        const where = "https://github.com/octo-org/hello/blob/main/x";
        const reading = readMarkdown(describeProblems(problems, "repository", where));
        expect(reading.words).not.toContain("octocat");
        expect(reading.words).not.toContain("k3y");
        expect(reading.links).toEqual([where]);
        expect(reading.html).toEqual([]);
        expect(reading.images).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});
