import { describe, expect, test } from "vitest";
import { problemsIn } from "./files.ts";

const KEYS =
  "`labels`, `commands`, `prompts`, `permissions`, `branches`, `forks`, `limits`, `labels_after`, `context`, `permissions_policy`, `on_close`, `check_run`, `session_limits`, `enforced`";
const NO_ALIAS =
  "no aliases here: write the value out; a pattern that begins with `*` must be in quotes";
const NO_ANCHOR =
  "no anchors here: write the value where it is needed; a value that begins with `&` must be in quotes";
const NO_TAG =
  "no tags here: write the value alone; a value that begins with `!` must be in quotes";
const INDENTATION =
  "this is not YAML: the indentation does not fit what is above, or a `]` or `}` is missing";
const SIGN = "this is not YAML: a value that begins with this character must be in quotes";

test.each([
  [
    "forks\ncontext: all\n",
    "1:1 this is not YAML: neither `key: value` nor the rest of the value above",
  ],
  [
    "labels: copilot:fix: fix\n",
    "1:9 this is not YAML: a value with `: ` in it must be in quotes, and a mapping or list must begin on a new line",
  ],
  [
    "labels:\n\tcopilot:fix: fix\n",
    "2:1 this is not YAML: a tab does not indent in YAML: use spaces",
  ],
  [
    'forks: "deny\ncontext: all\n',
    "3:1 this is not YAML: something is missing here or above, such as `:`, a comma, a bracket, a quote or a blank",
  ],
  ["enforced: [forks\nforks: deny\n", `2:1 ${INDENTATION}`],
  ["branches: { issues: a\n", `2:1 ${INDENTATION}`],
  ["limits:\n  at_once: 3\n repository: {}\n", `3:1 ${INDENTATION}`],
  ["enforced: - forks\n", "1:11 this is not YAML: nothing like this is expected here"],
  ["- a\nb: 1\n", "2:1 this is not YAML: nothing like this is expected here"],
  ["forks: @deny\n", `1:8 ${SIGN}`],
  ["forks: @a\ncontext: `b`\n", `1:8 ${SIGN}`, `2:10 ${SIGN}`],
  [
    'forks: "\\deny"\n',
    "1:9 this is not YAML: no escape of YAML's: between double quotes a `\\` must be written `\\\\`",
  ],
  [
    "? [a]\n: 1\n",
    "1:3 this is not YAML: a key must be a word, and a value that begins with `{` must be in quotes",
  ],
  [
    "forks: deny\ncontext: all\nforks: base\n'context': all\n",
    "3:1 the key `forks` is there twice",
    "4:1 the key `'context'` is there twice",
  ],
  ["limits: { at_once: 1, at_once: 2 }\n", "1:23 the key `at_once` is there twice"],
  ["forks: &x deny\ncontext: *x\n", `1:8 ${NO_ANCHOR}`, `2:10 ${NO_ALIAS}`],
  ["branches:\n  eligible:\n    - **\n    - main\n", `3:7 ${NO_ALIAS}`],
  ["context: *x\n", `1:10 ${NO_ALIAS}`],
  [
    "forks: !!str deny\ncontext: !x all\nprompts: !!map {}\nlabels: !!set {a}\n",
    `1:8 ${NO_TAG}`,
    `2:10 ${NO_TAG}`,
    `3:10 ${NO_TAG}`,
    `4:9 ${NO_TAG}`,
    "4:16 `a` must begin with `copilot:`, so that everybody sees that the label starts tasks",
  ],
  ["<<: { forks: deny }\n", `1:1 unknown key \`<<\`: there are ${KEYS}`],
  [
    "%YAML 1.1\n---\nforks: deny\n",
    "1:1 no directives here: take the line that begins with `%` away",
  ],
  ["forks: deny\n---\nforks: base\n", "2:1 a second document begins here: the file must have one"],
  ["forks\n", `1:1 the file must be a mapping; its keys are ${KEYS}`],
  ["- forks\n", `1:1 the file must be a mapping; its keys are ${KEYS}`],
  ["5\n", `1:1 the file must be a mapping; its keys are ${KEYS}`],
  [
    "__proto__: 1\nlabels: { __proto__: fix }\nconstructor: 1\n",
    "1:1 unknown key `__proto__`",
    "2:11 unknown key `__proto__`",
    `3:1 unknown key \`constructor\`: there are ${KEYS}`,
  ],
  ["forks: \u0000\n", "1:8 `forks` must be one of `deny`, `base`, `allow-after-ok`"],
])("%j is told", (text, ...problems) => {
  expect(problemsIn(text)).toEqual(problems);
});

describe("what could hold the bot up is refused in a moment:", () => {
  test("a file that is too long", () => {
    expect(problemsIn(`#${"x".repeat(65_536)}`)).toEqual([
      "1:1 the file has more than 65,536 characters",
    ]);
    expect(problemsIn(`#${"x".repeat(65_535)}`)).toEqual([]);
  });

  test.each(["[", "{", "{a: ", "- ", "? ", "- - [", "a: ["])(
    "levels without end of %j",
    (opening) => {
      const problems = problemsIn(opening.repeat(65_536 / opening.length));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^1:\d+ more than 10 levels deep$/u);
    },
  );

  test("levels without end by indentation", () => {
    const stairs = Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
    expect(problemsIn(stairs)).toEqual(["11:11 more than 10 levels deep"]);
  });
});
