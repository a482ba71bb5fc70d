import { expect, test } from "vitest";
import { MAX_FIRST_LINE, readExamination } from "../../../src/core/workspace/examination.ts";

const COMMIT = "c".repeat(40);

test("the first line of an examination says where the rest is", () => {
  const line = `${COMMIT} 3 0 10 2 4 5 7\n`;
  const at = line.length;
  expect(readExamination(`${line}the rest`, at + 31)).toEqual({
    commit: COMMIT,
    commits: { start: at, size: 3 },
    paths: { start: at + 3, size: 0 },
    changes: { start: at + 3, size: 10 },
    raw: { start: at + 13, size: 2 },
    contents: { start: at + 15, size: 4 },
    pack: { start: at + 19, size: 5 },
    index: { start: at + 24, size: 7 },
  });
  const longest = `${"c".repeat(64)} ${Array(7).fill("9".repeat(10)).join(" ")}\n`;
  expect(longest.length).toBeLessThan(MAX_FIRST_LINE);
});

test.for([
  ["nothing", "", 0],
  ["no commit", "HEAD 0 0 0 0 0 0 0\n", 0],
  ["a short commit", `${"c".repeat(12)} 0 0 0 0 0 0 0\n`, 0],
  ["an option", "--all 0 0 0 0 0 0 0\n", 0],
  ["too few sizes", `${COMMIT} 1 2 3 4 0 0\n`, 10],
  ["too many sizes", `${COMMIT} 1 2 3 4 5 6 0 0\n`, 21],
  ["a negative size", `${COMMIT} -1 2 3 4 5 0 0\n`, 13],
  ["no end", `${COMMIT} 1 2 3 4 5 0 0`, 15],
  ["less than it says", `${COMMIT} 1 2 3 4 5 0 0\n`, 14],
  ["more than it says", `${COMMIT} 1 2 3 4 5 0 0\n`, 16],
  ["more text than is examined", `${COMMIT} 0 0 5242881 4 5 0 0\n`, 5_242_890],
] as const)("%s is no examination", ([, line, size]) => {
  expect(readExamination(line, line.length + size)).toBe(null);
});
