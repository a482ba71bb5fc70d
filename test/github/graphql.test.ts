import { describe, expect, test } from "vitest";
import { SURVEY } from "../../src/github/survey-query.ts";
import type { Source } from "./graphql.ts";
import { answerTo, problemsOfQuery, refusal } from "./graphql.ts";
import { answer, comment, issue, MAIN, notFound, pull, SIZE, thread } from "./survey-answers.ts";

const variables = { owner: "octo-org", name: "hello", number: 7, ...SIZE };
const REPOSITORY =
  "query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name)";

describe("a query", () => {
  const { number: _seven, ...place } = variables;

  test("is well formed", () => {
    expect(problemsOfQuery({ query: SURVEY, variables })).toEqual([]);
  });

  test.each([
    [{ query: `${REPOSITORY} { name } }`, variables: place, operation: "x" }, "the body is no"],
    [{ variables }, "the body is no query"],
    [{ query: `${REPOSITORY} { name }`, variables: place }, "Syntax Error"],
    [
      { query: `${REPOSITORY} { misspelled } }`, variables: place },
      'Cannot query field "misspelled"',
    ],
    [{ query: `${REPOSITORY} { owner } }`, variables: place }, 'Field "owner" of type'],
    [
      { query: `${REPOSITORY} { name } }`, variables: { owner: "octo-org" } },
      '"$name" has invalid value: Expected a value of non-null',
    ],
    [{ query: SURVEY, variables: { ...variables, number: "7" } }, "Int cannot represent"],
    [
      { query: SURVEY, variables: { ...variables, misspelled: 1 } },
      '"$misspelled" is not declared',
    ],
    [
      {
        query: `query ($name: Int!) { repository(owner: "o", name: $name) { name } }`,
        variables: { name: 1 },
      },
      "used in position expecting",
    ],
  ])("is found out: %j", (body, problem) => {
    expect(problemsOfQuery(body)).toEqual([expect.stringContaining(problem)]);
  });
});

function answered(source: Source) {
  return answerTo({ query: SURVEY, variables }, source);
}

describe("an answer", () => {
  const missing = notFound("a Repository with the name 'octo-org/.github'");

  test("has what was queried, and errors in GitHub's form", () => {
    const policy = { __typename: "Blob", oid: MAIN, text: null, byteSize: 3 };
    const odd = refusal("Odd");
    const comments = thread([{ ...comment("Hi"), author: odd }]);

    expect(answered(answer({ policy, subject: issue({ comments }) }))).toMatchObject({
      problems: [],
      answer: {
        data: {
          repository: {
            policy: { oid: MAIN, text: null },
            subject: { title: "It crashes", comments: { nodes: [{ body: "Hi", author: null }] } },
          },
          defaults: null,
        },
        errors: [
          { path: ["repository", "subject", "comments", "nodes", 0, "author"], message: "Odd" },
          { type: "NOT_FOUND", path: ["defaults"], message: missing.message },
        ],
      },
    });
  });

  test("has no more than was queried", () => {
    const source = answer({ policy: { __typename: "Blob", oid: MAIN, text: null, byteSize: 3 } });
    expect(JSON.stringify(answered(source))).not.toContain("byteSize");
  });

  test("is an error and nothing else", () => {
    const { answer: whole, problems } = answerTo({ query: SURVEY, variables }, refusal("No", "X"));
    expect(problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(whole))).toEqual({ errors: [{ type: "X", message: "No" }] });
  });

  const { title: _none, ...untitled } = issue();
  test.each([
    [
      "something is missing",
      { repository: answer()["repository"] },
      "not prepared: Query.defaults",
    ],
    [
      "something deep inside is missing",
      answer({ subject: untitled }),
      "not prepared: Issue.title",
    ],
    [
      "null where it may not be",
      answer({ subject: issue({ title: null }) }),
      "non-nullable field Issue.title",
    ],
    ["another type", answer({ subject: issue({ title: 7 }) }), "of another type: Issue.title"],
    [
      "another object",
      answer({ subject: { ...issue(), __typename: "Blob" } }),
      "not a possible type",
    ],
    [
      "an object that does not say what it is",
      answer({ policy: { oid: MAIN, text: "" } }),
      "must resolve to an Object type",
    ],
    [
      "half a commit",
      answer({ subject: pull({ headRefOid: "6dcb09b" }) }),
      "of another type: PullRequest.headRefOid",
    ],
    [
      "no list",
      answer({ subject: issue({ comments: { totalCount: 0, nodes: {} } }) }),
      "Expected Iterable",
    ],
    [
      "a word that is none of GitHub's",
      answer({
        subject: pull({
          files: {
            totalCount: 1,
            nodes: [{ path: "", changeType: "WISHED", additions: 0, deletions: 0 }],
          },
        }),
      }),
      'cannot represent value: "WISHED"',
    ],
    [
      "a page that is too long",
      answer({
        subject: issue({ comments: thread(Array.from({ length: 21 }, () => comment(""))) }),
      }),
      "more than the 20 that were asked for: Issue.comments",
    ],
  ])("is found out: %s", (_what, source, problem) => {
    expect(answered(source).problems).toEqual([expect.stringContaining(problem)]);
  });
});
