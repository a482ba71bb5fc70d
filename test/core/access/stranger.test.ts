import { describe, expect, test } from "vitest";
import type { Denied } from "../../../src/core/access/stranger.ts";
import { isCommentedOn, isReactedTo } from "../../../src/core/access/stranger.ts";

const STRANGER = 1;

/** As many refusals of each of these people. */
function refused(count: number, silent: boolean, ...people: readonly number[]): Denied[] {
  return people.flatMap((requesterId) =>
    Array.from({ length: count }, () => ({ requesterId, silent })),
  );
}

const OTHERS = Array.from({ length: 20 }, (_, index) => 100 + index);

describe("a refused command gets a reaction", () => {
  test.each<[what: string, before: readonly Denied[], isReactedTo: boolean]>([
    ["the first", [], true],
    ["the third of one person", refused(2, true, STRANGER), true],
    ["the fourth of one person", refused(3, true, STRANGER), false],
    ["one behind many of somebody else", refused(10, true, 2), true],
    ["the 20th in a repository", refused(1, true, ...OTHERS.slice(1)), true],
    ["the 21st in a repository", refused(1, true, ...OTHERS), false],
    ["one behind comments alone", refused(30, false, STRANGER), true],
  ])("%s", (_what, before, expected) => {
    expect(isReactedTo(STRANGER, before)).toBe(expected);
  });
});

describe("a refusal gets a comment", () => {
  const stranger = { id: STRANGER, role: "read" } as const;
  const writer = { id: STRANGER, role: "write" } as const;
  const nobody = { id: STRANGER, role: null };

  test.each([
    ["the first", stranger, [], true],
    ["the fifth of one person", stranger, refused(4, false, STRANGER), true],
    ["the sixth of one person", stranger, refused(5, false, STRANGER), false],
    ["the sixth of somebody of whom nothing is known", nobody, refused(5, false, STRANGER), false],
    ["one behind many of somebody else", stranger, refused(50, false, 2), true],
    ["one behind reactions alone", stranger, refused(50, true, STRANGER), true],
    ["any of who may write to the repository", writer, refused(50, false, STRANGER), true],
  ])("%s", (_what, requester, before, expected) => {
    expect(isCommentedOn(requester, before)).toBe(expected);
  });
});
