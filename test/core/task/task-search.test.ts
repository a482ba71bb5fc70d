import { describe, expect, test } from "vitest";
import { readTaskSearch } from "../../../src/core/task/task-search.ts";

describe("what's typed to search for tasks is read as", () => {
  test.each([
    ["octo-org/hello#7", [{ owner: "octo-org", repository: "hello", subjectNumber: 7 }]],
    ["  Octo-Org/Hello.js#7 ", [{ owner: "octo-org", repository: "hello.js", subjectNumber: 7 }]],
    ["octo-org/hello", [{ owner: "octo-org", repository: "hello" }]],
    ["hello#7", [{ repository: "hello", subjectNumber: 7 }]],
    [
      "https://github.com/octo-org/hello/pull/7#discussion_r1",
      [{ owner: "octo-org", repository: "hello", subjectNumber: 7 }],
    ],
    ["https://github.com/octo-org/hello", [{ owner: "octo-org", repository: "hello" }]],
    ["#7", [{ subjectNumber: 7 }]],
    ["7", [{ subjectNumber: 7 }]],
    ["4711", [{ subjectNumber: 4_711 }, { idPrefix: "4711" }]],
    ["@Octocat", [{ requester: "octocat" }]],
    ["dependabot[bot]", [{ requester: "dependabot[bot]" }]],
    ["triage", [{ repository: "triage" }, { requester: "triage" }, { kind: "triage" }]],
    ["7c5c39ce", [{ repository: "7c5c39ce" }, { requester: "7c5c39ce" }, { idPrefix: "7c5c39ce" }]],
    [
      "7C5C39CE-cc78-11e3-81ab-4c9367dc0958",
      [
        { repository: "7c5c39ce-cc78-11e3-81ab-4c9367dc0958" },
        { requester: "7c5c39ce-cc78-11e3-81ab-4c9367dc0958" },
        { idPrefix: "7c5c39ce-cc78-11e3-81ab-4c9367dc0958" },
      ],
    ],
    ["hello.js", [{ repository: "hello.js" }]],
  ])("%s", (typed, criteria) => {
    expect(readTaskSearch(typed)).toEqual(criteria);
  });

  test.each([
    ["nothing", ""],
    ["several words", "fix the login"],
    ["a pattern", "octo%"],
    ["an owner alone", "octo-org/"],
    ["another page of GitHub", "https://github.com/octo-org/hello/settings"],
    ["a number that's none of an issue", "#99999999999"],
    ["a zero character", "oct\0o"],
    ["much", "a".repeat(301)],
    ["very much", "/".repeat(1_000_000)],
  ])("nothing that can be found: %s", (_what, typed) => {
    expect(readTaskSearch(typed)).toEqual([]);
  });
});
