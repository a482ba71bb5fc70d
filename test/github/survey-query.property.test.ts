import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answerSchema, FILE, fileSchema, SURVEY } from "../../src/github/survey-query.ts";
import { anyAnswerTo } from "./graphql.ts";
import { SIZE } from "./survey-answers.ts";
import { runs } from "../runs.ts";

// What is queried is what is read: nothing is left out, and nothing that GitHub may answer is refused.
test.each([
  ["a survey", SURVEY, { owner: "octo-org", name: "hello", number: 7, ...SIZE }, answerSchema],
  ["a file", FILE, { owner: "octo-org", name: "hello", file: "HEAD:README.md" }, fileSchema],
])(
  "%s: whatever GitHub may answer by its schema is read as it is",
  (_what, query, variables, schema) => {
    fc.assert(
      fc.property(fc.gen(), (any) => {
        const answer = anyAnswerTo({ query, variables }, any);
        expect(schema.parse(answer)).toEqual(answer);
      }),
      { numRuns: runs(300) },
    );
  },
);
