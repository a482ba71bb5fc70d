import { z } from "zod";
import type { Problem } from "../core/policy/read.ts";
import { POLICY_PATH } from "../core/policy/schema.ts";
import type { PullRequestPush } from "../core/webhook/pull-request-push.ts";
import type { PolicyText } from "../core/policy/examine.ts";
import type { PolicyCheckRuns } from "../ports/policy-checks.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { ask } from "./graphql.ts";
import { FILE, fileSchema } from "./survey-query.ts";
import { httpError } from "./trouble.ts";

/** By this name people find it among the checks of a pull request. */
const CHECK_RUN = "Copilot task policy";

/** GitHub has no more files of a pull request than 3,000. */
const MAX_PAGES = 30;

const text = "oid ... on Blob { text }";

const CHANGE = `query ($owner: String!, $name: String!, $number: Int!, $head: String!, $base: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    visibility
    before: object(expression: $base) { ${text} }
    after: object(expression: $head) { ${text} }
    subject: issueOrPullRequest(number: $number) {
      ... on PullRequest {
        headRefOid
        files(first: 100, after: $after) { nodes { path } pageInfo { hasNextPage endCursor } }
      }
    }
  }
  defaults: repository(owner: $owner, name: ".github") { visibility policy: object(expression: "HEAD:${POLICY_PATH}") { ${text} } }
}`;

const blob = z.object({ oid: z.string(), text: z.string().nullish() }).nullable();
/** The first are seen by fewer. */
const VISIBILITIES = ["PRIVATE", "INTERNAL", "PUBLIC"] as const;
const visibility = z.enum(VISIBILITIES);
const filesSchema = z
  .object({
    nodes: z.array(z.object({ path: z.string() }).nullable()).nullable(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  })
  .nullable();
const changeSchema = z.object({
  repository: z
    .object({
      databaseId: z.number().nullable(),
      visibility,
      before: blob,
      after: blob,
      subject: z
        .object({
          headRefOid: z.string(),
          files: filesSchema,
        })
        .nullable(),
    })
    .nullable(),
  defaults: z.object({ visibility, policy: blob }).nullable(),
});

/** Policy checks through the App. The pull request's files are data: nothing of them is executed. */
export function createPolicyCheckRuns(app: GitHubApp): PolicyCheckRuns {
  return {
    policyChange: async (push) => changeOf(await app.questionsFor(push), push),
    async findPolicyCheckRun(push) {
      const octokit = await app.octokitFor(push);
      const { owner, repository: repo, commit: ref } = push;
      const wanted = { check_name: CHECK_RUN, app_id: app.appId, filter: "all" } as const;
      const request = { retries: 0 };
      const asked = { owner, repo, ref, ...wanted, request };
      const { data } = await octokit.rest.checks.listForRef(asked);
      return data.check_runs[0]?.id ?? null;
    },
    async createPolicyCheckRun(push, { conclusion, title, summary, annotations }) {
      const octokit = await app.octokitFor(push);
      const { owner, repository: repo, commit } = push;
      const { data } = await octokit.rest.checks.create({
        owner,
        repo,
        head_sha: commit,
        name: CHECK_RUN,
        external_id: `policy:${commit}`,
        status: "completed",
        conclusion,
        output: { title, summary, annotations: annotations.map(annotationOf) },
        // A lost answer may hide a check run that was created: it's looked up before another try.
        request: { retries: 0 },
      });
      return data.id;
    },
  };
}

function annotationOf({ line, column, message }: Problem) {
  const place = { start_line: line, end_line: line, start_column: column, end_column: column };
  return { path: POLICY_PATH, ...place, annotation_level: "failure" as const, message };
}

async function changeOf(octokit: InstallationOctokit, push: PullRequestPush) {
  const first = await pageOf(octokit, push, null);
  const { before, after } = first.repository;
  const change = {
    headCommit: first.subject.headRefOid,
    before: textOf(before),
    after: textOf(after),
    organization: organizationOf(first),
  };
  // As on the base branch: it isn't worth looking further.
  const most = before?.oid === after?.oid ? 1 : MAX_PAGES;
  let { files } = first.subject;
  for (let page = 1; page < most && !hasPolicy(files); page += 1) {
    if (files?.pageInfo.hasNextPage !== true) break;
    ({ files } = (await pageOf(octokit, push, files.pageInfo.endCursor)).subject);
  }
  const isChanged = hasPolicy(files) || (await isElsewhere(octokit, push, first.repository));
  return { ...change, isChanged };
}

/**
 * Whether it's there before or after the pull request alone, though the list doesn't have it: a file that was renamed is
 * listed by its new name only. Where the base branch got or lost it meanwhile, the commits' common ancestor shows that.
 */
async function isElsewhere(
  octokit: InstallationOctokit,
  push: PullRequestPush,
  { before, after }: Page["repository"],
): Promise<boolean> {
  if ((before === null) === (after === null)) return false;
  const { owner, repository: repo, baseCommit, commit } = push;
  const basehead = `${baseCommit}...${commit}`;
  // The commits and the diffs are of no interest: there are as few of them as possible.
  const wanted = { owner, repo, basehead, per_page: 1, request: { retries: 0 } };
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead(wanted);
  const variables = { owner, name: repo, file: `${data.merge_base_commit.sha}:${POLICY_PATH}` };
  const request = { query: FILE, variables, mayMiss: null, retries: 0 };
  const { repository } = fileSchema.parse(await ask(octokit, request));
  return repository?.file?.oid !== after?.oid;
}

type Page = Awaited<ReturnType<typeof pageOf>>;

/** What people may see of a pull request, whoever opened it, its check run may show. */
function organizationOf({ repository, defaults }: Page): PolicyText | "hidden" | null {
  if (defaults === null || defaults.policy === null) return null;
  const [own, theirs] = [repository, defaults].map((one) => VISIBILITIES.indexOf(one.visibility));
  return (theirs ?? 0) < (own ?? 0) ? "hidden" : textOf(defaults.policy);
}

/** A page of the pull request's files, with the policy's texts. */
async function pageOf(octokit: InstallationOctokit, push: PullRequestPush, after: string | null) {
  const { owner, repository: name, pullNumber: number } = push;
  const head = `${push.commit}:${POLICY_PATH}`;
  const base = `${push.baseCommit}:${POLICY_PATH}`;
  const variables = { owner, name, number, head, base, ...(after === null ? {} : { after }) };
  // Few organizations have a repository of the name .github, and the App needn't see it.
  const request = { query: CHANGE, variables, mayMiss: "defaults", retries: 0 };
  const { repository, defaults } = changeSchema.parse(await ask(octokit, request));
  // Names can be taken over by others, when a repository was renamed; ids can't.
  if (repository?.databaseId !== push.repositoryId || repository.subject === null) {
    throw httpError(404, "The pull request is not there");
  }
  return { repository, subject: repository.subject, defaults };
}

function hasPolicy(files: z.infer<typeof filesSchema>): boolean {
  return files?.nodes?.some((file) => file?.path === POLICY_PATH) === true;
}

function textOf(found: z.infer<typeof blob>): PolicyText | null {
  return found === null ? null : { text: found.text ?? null };
}
