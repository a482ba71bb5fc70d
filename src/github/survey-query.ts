import { z } from "zod";

/** Where the policy file of a repository is. */
const POLICY = "HEAD:.github/copilot-tasks.yml";

/** More than a prompt shows, because the bot's own are among them. */
const COMMENTS = 20;

/** The most changed files of a pull request that are read. */
export const MOST_FILES = 100;

const author = "author { login __typename ... on User { databaseId } }";
// What is not a file, like a directory of this name, has no text.
const file = "oid ... on Blob { text }";
const policy = `defaultBranchRef { name target { oid } } policy: object(expression: "${POLICY}") { ${file} }`;
const thread = `title body closed locked ${author} comments(last: ${COMMENTS}) { nodes { body ${author} } }`;

/**
 * Everything about a subject in one question: it costs one point of the installation's 5,000 an hour, and
 * its parts are of one moment. See https://docs.github.com/graphql.
 */
export const SURVEY = `query ($owner: String!, $name: String!, $number: Int!) {
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
        files(first: ${MOST_FILES}) { totalCount nodes { path changeType additions deletions } }
      }
    }
  }
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
const subject = z.object({
  title: z.string(),
  body: z.string(),
  closed: z.boolean(),
  locked: z.boolean(),
  author: actor,
  comments: z.object({
    nodes: z.array(z.object({ body: z.string(), author: actor }).nullable()).nullable(),
  }),
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
    .nullable(),
});

/** What GitHub answers to the question. Nodes are null where the App may not see them. */
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

export type SurveyAnswer = z.infer<typeof answerSchema>;
export type Actor = z.infer<typeof actor>;
export type PolicyAnswer = z.infer<z.ZodObject<typeof withPolicy>>;
