import { z } from "zod";

/** Where the policy file of a repository is. */
const POLICY = "HEAD:.github/copilot-tasks.yml";

/** The most changed files of a pull request that are read. */
export const MAX_FILES = 100;

const author = "author { login __typename ... on User { databaseId } }";
// What is not a file, like a directory of this name, has no text.
const file = "oid ... on Blob { text }";
const policy = `defaultBranchRef { name target { oid } } policy: object(expression: "${POLICY}") { ${file} }`;
const html = "bodyHTML @include(if: $html)";
const comment = `databaseId body ${html} isMinimized`;
const thread = `number repository { databaseId } title body ${html} closed locked ${author} comments(last: $comments) @include(if: $thread) { totalCount nodes { ${comment} viewerDidAuthor ${author} } }`;
/** A command may stand in a review, or in a comment on a line of the diff: it's one of the last, if it's new. */
const reviews = `
        reviews(last: 20) @include(if: $reviews) { nodes {
          ${comment} comments(last: 20) @include(if: $lines) { nodes { ${comment} } }
        } }`;

/**
 * Everything about a subject in one query: it costs one point of the installation's 5,000 an hour, and
 * its parts are of one moment. What may be too much for GitHub can be left out (survey-scope.ts). See
 * https://docs.github.com/graphql.
 */
export const SURVEY = `query ($owner: String!, $name: String!, $number: Int!, $comments: Int!, $thread: Boolean!, $files: Boolean!, $html: Boolean!, $reviews: Boolean!, $lines: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${policy}
    subject: issueOrPullRequest(number: $number) {
      ... on Issue { ${thread} }
      ... on PullRequest {
        ${thread}
        merged isCrossRepository headRepository { id } headRefName headRefOid baseRefName baseRefOid
        baseRef { target { oid } }
        files(first: ${MAX_FILES}) @include(if: $files) { totalCount nodes { path changeType additions deletions } }
        ${reviews}
      }
    }
  }
  defaults: repository(owner: $owner, name: ".github") { ${policy} }
}`;

/** The policy files of a repository, and nothing else. */
export const POLICY_FILES = `query ($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { databaseId isArchived ${policy} }
  defaults: repository(owner: $owner, name: ".github") { ${policy} }
}`;

/** The text of a file on the default branch. */
export const FILE = `query ($owner: String!, $name: String!, $file: String!) {
  repository(owner: $owner, name: $name) { file: object(expression: $file) { ${file} } }
}`;

export const fileSchema = z.object({
  repository: z
    .object({ file: z.object({ oid: z.string(), text: z.string().nullish() }).nullable() })
    .nullable(),
});

const target = z.object({ oid: z.string() });
const withPolicy = {
  defaultBranchRef: z.object({ name: z.string(), target: target.nullable() }).nullable(),
  policy: z.object({ oid: z.string(), text: z.string().nullish() }).nullable(),
};
const actor = z
  .object({ login: z.string(), databaseId: z.number().nullish(), __typename: z.string() })
  .nullable();
const commentShape = z.object({
  databaseId: z.number().nullable(),
  body: z.string(),
  bodyHTML: z.string().optional(),
  isMinimized: z.boolean(),
});
const subject = z.object({
  number: z.number(),
  repository: z.object({ databaseId: z.number().nullable() }),
  title: z.string(),
  body: z.string(),
  bodyHTML: z.string().optional(),
  closed: z.boolean(),
  locked: z.boolean(),
  author: actor,
  comments: z
    .object({
      totalCount: z.number(),
      nodes: z
        .array(commentShape.extend({ author: actor, viewerDidAuthor: z.boolean() }).nullable())
        .nullable(),
    })
    .optional(),
});
const pull = z.object({
  merged: z.boolean(),
  isCrossRepository: z.boolean(),
  headRepository: z.object({ id: z.string() }).nullable(),
  headRefName: z.string(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRef: z.object({ target: target.nullable() }).nullable(),
  reviews: z
    .object({
      nodes: z
        .array(
          commentShape
            .extend({
              comments: z.object({ nodes: z.array(commentShape.nullable()).nullable() }).optional(),
            })
            .nullable(),
        )
        .nullable(),
    })
    .nullish(),
  files: z
    .object({
      totalCount: z.number(),
      nodes: z
        .array(
          z
            .object({
              path: z.string(),
              changeType: z.string(),
              additions: z.number(),
              deletions: z.number(),
            })
            .nullable(),
        )
        .nullable(),
    })
    .nullish(),
});

/** What GitHub answers to the query. Nodes are null where the App may not see them. */
export const answerSchema = z.object({
  repository: z
    .object({
      databaseId: z.number().nullable(),
      isArchived: z.boolean(),
      ...withPolicy,
      subject: z.union([subject.extend(pull.shape), subject]).nullable(),
    })
    .nullable(),
  defaults: z.object(withPolicy).nullable(),
});

/** What GitHub answers to the query for policy files. */
export const policyFilesSchema = z.object({
  repository: z
    .object({ databaseId: z.number().nullable(), isArchived: z.boolean(), ...withPolicy })
    .nullable(),
  defaults: z.object(withPolicy).nullable(),
});

export type SurveyAnswer = z.infer<typeof answerSchema>;
export type CommentAnswer = z.infer<typeof commentShape>;
export type Actor = z.infer<typeof actor>;
export type PolicyAnswer = z.infer<z.ZodObject<typeof withPolicy>>;
