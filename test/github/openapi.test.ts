import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXTRACT, extractOpenApi, OPERATIONS } from "../../script/extract-openapi.ts";
import { branch, comment, reaction } from "./answers.ts";
import { problemsOfAnswer, problemsOfRequest } from "./openapi.ts";

describe("the extract of GitHub's description", () => {
  test("is what the script takes from the installed package", () => {
    expect(readFileSync(EXTRACT, "utf8")).toBe(extractOpenApi());
  });

  test("is small", () => {
    expect(readFileSync(EXTRACT).byteLength).toBeLessThan(350_000);
  });

  test("is not made of what GitHub does not describe", () => {
    const operation = "GET /repos/{owner}/{repo}/misspelled";
    expect(() => extractOpenApi([...OPERATIONS, operation])).toThrow(`not described: ${operation}`);
  });
});

describe("a request", () => {
  const comments = "/repos/octo-org/hello/issues/7/comments";

  test.each([
    ["GET", `${comments}?per_page=100&page=2&since=2026-03-01T12:00:00Z`, undefined],
    ["POST", comments, { body: "Started." }],
    ["GET", "/repos/octo-org/hello/branches/release%2F2.x", undefined],
    ["POST", "/app/installations/31/access_tokens", undefined],
    ["DELETE", "/repos/octo-org/hello/issues/7/labels/copilot%3Arunning", undefined],
    ["GET", "/app/installations?outdated=yes", undefined],
  ])("is well formed: %s %s with %o", (method, path, body) => {
    expect(problemsOfRequest({ method, path, body })).toEqual([]);
  });

  test.each([
    ["GET", "/repos/octo-org/hello/misspelled", undefined, "not described: GET"],
    ["DELETE", comments, undefined, "not described: DELETE"],
    ["GET", comments.replace("7", "first"), undefined, "path/issue_number must be integer"],
    ["GET", "/app/installations?outdate=yes", undefined, "query must NOT have unevaluated"],
    [
      "GET",
      `${comments}?perPage=10`,
      undefined,
      "query must NOT have unevaluated properties perPage",
    ],
    ["GET", `${comments}?page=last`, undefined, "query/page must be integer"],
    ["GET", `${comments}?per_page=101`, undefined, "query/per_page must be <= 100"],
    ["GET", `${comments}?since=yesterday`, undefined, "query/since must match format"],
    ["GET", comments, { body: "?" }, "body is not described"],
    ["POST", comments, undefined, "body is missing"],
    ["POST", comments, {}, "body must have required property 'body'"],
    ["POST", comments, { body: 1 }, "body/body must be string"],
    ["POST", comments, { body: "", title: "" }, "body must NOT have unevaluated properties title"],
    [
      "POST",
      "/repos/octo-org/hello/issues/7/reactions",
      { content: "confused_face" },
      "body/content must be equal to one of the allowed values",
    ],
  ])("is found out: %s %s with %o", (method, path, body, problem) => {
    expect(problemsOfRequest({ method, path, body })).toEqual([expect.stringContaining(problem)]);
  });
});

describe("an answer", () => {
  const asked = { method: "PATCH", path: "/repos/octo-org/hello/issues/comments/7" };

  test.each([
    ["GitHub's own example", comment()],
    ["null where it may be", comment({ user: null })],
  ])("is believed: %s", (_which, body) => {
    expect(problemsOfAnswer(asked, { status: 200, body })).toEqual([]);
  });

  test.each([
    ["null where it may not be", { ...comment(), url: null }, "answer/url must be string"],
    ["nothing but a number", { number: 7 }, "answer must have required property"],
    ["half a number", comment({ id: 0.5 }), "answer/id must be integer"],
    [
      "a date that is none",
      comment({ created_at: "March" }),
      "answer/created_at must match format",
    ],
    ["another answer altogether", [comment()], "answer must be object"],
  ])("is found out: %s", (_which, body, problem) => {
    const [first] = problemsOfAnswer(asked, { status: 200, body });
    expect(first).toContain(problem);
  });

  test("is found out: one deep inside", () => {
    const { commit, ...rest } = branch("main", "6dcb09b5b57875f334f61aebed695e2e4193db5e");
    const body = { ...rest, commit: { ...commit, commit: { ...commit.commit, message: 1 } } };
    const problems = problemsOfAnswer(
      { method: "GET", path: "/repos/octo-org/hello/branches/main" },
      { status: 200, body },
    );
    expect(problems).toEqual(["answer/commit/commit/message must be string"]);
  });

  test("has a status that GitHub describes", () => {
    const path = "/repos/octo-org/hello/issues/7/reactions";
    const answer = { status: 204, body: reaction("eyes") };
    expect(() => problemsOfAnswer({ method: "POST", path }, answer)).toThrow("not described");
  });
});
