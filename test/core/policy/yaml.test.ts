import { describe, expect, test } from "vitest";
import { problemsIn } from "./files.ts";

const KEYS =
  "`labels`, `commands`, `prompts`, `permissions`, `branches`, `forks`, `limits`, `labels_after`, `context`, `permissions_policy`, `on_close`, `check_run`, `qr`, `create_labels`, `notify`, `session_limits`, `model`, `reasoning_effort`, `trusted_apps`, `identity`, `steering`, `runs_on`, `share`, `push`, `egress`, `checkout`, `enforced`";
const NO_ALIAS =
  "aliases aren't supported: write out the value, and put a pattern that begins with `*` in quotes";
const NO_ANCHOR =
  "anchors aren't supported: repeat the value, and put a value that begins with `&` in quotes";
const NO_TAG =
  "tags aren't supported: write the value only, and put a value that begins with `!` in quotes";
const INDENTATION =
  "invalid YAML: the indentation doesn't match the lines above, or a `]` or `}` is missing";
const SIGN = "invalid YAML: put a value that begins with this character in quotes";

test.each([
  ["forks\ncontext: all\n", "1:1 invalid YAML: neither `key: value` nor part of the value above"],
  [
    "labels: copilot:fix: fix\n",
    "1:9 invalid YAML: put a value with `: ` in quotes, and start a mapping or list on a new line",
  ],
  [
    "labels:\n\tcopilot:fix: fix\n",
    "2:1 invalid YAML: YAML doesn't allow tabs for indentation: use spaces",
  ],
  [
    'forks: "deny\ncontext: all\n',
    "3:1 invalid YAML: something is missing here or above, like `:`, a comma, a bracket, a quote, or a space",
  ],
  ["enforced: [forks\nforks: deny\n", `2:1 ${INDENTATION}`],
  ["branches: { issues: a\n", `2:1 ${INDENTATION}`],
  ["limits:\n  at_once: 3\n repository: {}\n", `3:1 ${INDENTATION}`],
  ["enforced: - forks\n", "1:11 invalid YAML: unexpected here"],
  ["- a\nb: 1\n", "2:1 invalid YAML: unexpected here"],
  ["forks: @deny\n", `1:8 ${SIGN}`],
  ["forks: @a\ncontext: `b`\n", `1:8 ${SIGN}`, `2:10 ${SIGN}`],
  [
    'forks: "\\deny"\n',
    "1:9 invalid YAML: not an escape in YAML: in double quotes, write `\\` as `\\\\`",
  ],
  [
    "? [a]\n: 1\n",
    "1:3 invalid YAML: use a string as key, and put a value that begins with `{` in quotes",
  ],
  [
    "forks: deny\ncontext: all\nforks: base\n'context': all\n",
    "3:1 duplicate key `forks`",
    "4:1 duplicate key `'context'`",
  ],
  ["limits: { at_once: 1, at_once: 2 }\n", "1:23 duplicate key `at_once`"],
  ["forks: &x deny\ncontext: *x\n", `1:8 ${NO_ANCHOR}`, `2:10 ${NO_ALIAS}`],
  ["branches:\n  eligible:\n    - **\n    - main\n", `3:7 ${NO_ALIAS}`],
  ["context: *x\n", `1:10 ${NO_ALIAS}`],
  [
    "forks: !!str deny\ncontext: !x all\nprompts: !!map {}\nlabels: !!set {a}\n",
    `1:8 ${NO_TAG}`,
    `2:10 ${NO_TAG}`,
    `3:10 ${NO_TAG}`,
    `4:9 ${NO_TAG}`,
    "4:16 `a` must begin with `copilot:`, so that everyone can see that the label starts tasks",
  ],
  ["<<: { forks: deny }\n", `1:1 unknown key \`<<\`: use one of ${KEYS}`],
  [
    "%YAML 1.1\n---\nforks: deny\n",
    "1:1 directives aren't supported: remove the line that begins with `%`",
  ],
  ["forks: deny\n---\nforks: base\n", "2:1 a second document begins here: use one document only"],
  ["forks\n", `1:1 the file must be a mapping with the keys ${KEYS}`],
  ["- forks\n", `1:1 the file must be a mapping with the keys ${KEYS}`],
  ["5\n", `1:1 the file must be a mapping with the keys ${KEYS}`],
  [
    "__proto__: 1\nlabels: { __proto__: fix }\nconstructor: 1\n",
    "1:1 unknown key `__proto__`",
    "2:11 unknown key `__proto__`",
    `3:1 unknown key \`constructor\`: use one of ${KEYS}`,
  ],
  ["forks: \u0000\n", "1:8 `forks` must be one of `deny`, `base`, `allow-after-ok`"],
])("%j is reported", (text, ...problems) => {
  expect(problemsIn(text)).toEqual(problems);
});

describe("what could block the bot is refused in a moment:", () => {
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
