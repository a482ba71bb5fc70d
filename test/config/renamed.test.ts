import { expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { renamedVariables } from "../../src/config/renamed.ts";
import { REQUIRED } from "./required.ts";

test("a variable can be set by its old name", () => {
  const old = { ...REQUIRED, MAX_ATTACHED_SESSIONS: "7", REPORT_RETRY_HOURS: " " };
  expect(readEnvironment(old)).toEqual({
    ...readEnvironment(REQUIRED),
    MAX_FOLLOWED_SESSIONS: 7,
  });
  expect(renamedVariables(old)).toEqual([
    { old: "MAX_ATTACHED_SESSIONS", now: "MAX_FOLLOWED_SESSIONS", isIgnored: false },
  ]);
  expect(renamedVariables(REQUIRED)).toEqual([]);
});

const OLD = "MAX_ATTACHED_SESSIONS";
const NEW = "MAX_FOLLOWED_SESSIONS";
const RANGE = "must be at least 1.";

test.each<[string, Record<string, string>, number, string, readonly object[]]>([
  ["both are set", { [OLD]: "7", [NEW]: "8" }, 8, NEW, [{ old: OLD, now: NEW, isIgnored: true }]],
  [
    "the new one is blank",
    { [OLD]: "7", [NEW]: " " },
    7,
    `${NEW} (set as ${OLD})`,
    [{ old: OLD, now: NEW, isIgnored: false }],
  ],
  ["the old one is blank", { [OLD]: " ", [NEW]: "8" }, 8, NEW, []],
  ["both are blank", { [OLD]: "", [NEW]: " " }, 50, "", []],
])(
  "a variable that is there by both names has the value that is set, and problems name that one: %s",
  (_what, variables, value, name, renamed) => {
    expect(readEnvironment({ ...REQUIRED, ...variables })[NEW]).toBe(value);
    expect(renamedVariables(variables)).toEqual(renamed);
    const used = String(value);
    const wrong = Object.fromEntries(
      Object.entries(variables).map(([key, text]) => [key, text === used ? "0" : text]),
    );
    if (name !== "") {
      expect(() => readEnvironment({ ...REQUIRED, ...wrong })).toThrow(`  ${name} ${RANGE}`);
    }
  },
);

test("a wrong variable is named as it's set", () => {
  expect(() => readEnvironment({ ...REQUIRED, MAX_TASKS_PER_REPOSITORY: "many" })).toThrow(
    "  MAX_CONCURRENT_STARTS_PER_REPOSITORY (set as MAX_TASKS_PER_REPOSITORY) must be a whole number from 1 to 50.",
  );
});
