import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { APPLICATION_ROUTES } from "../../sandbox/github/routes/applications.ts";
import { APP_ROUTES } from "../../sandbox/github/routes/app.ts";
import { ROUTES } from "../../sandbox/github/routes/table.ts";
import { VIEWER_ROUTES } from "../../sandbox/github/routes/viewing.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { answerProblems } from "./description.ts";
import { octokitOf } from "./installation.ts";

type Asker = "app" | "bot" | "client" | "person" | "viewer";

let github: LoopbackGitHub;
let askers: Readonly<Record<Asker, Pick<Octokit, "request">>>;
let parameters: Readonly<Record<string, string | number>>;

beforeAll(async () => {
  github = await startGitHub();
  github.deliverTo("http://127.0.0.1:9/");
  const app = await octokitOf(github);
  const { installationId: installation_id } = github;
  const bot = await octokitOf(github, installation_id);
  const octocat = github.as("octocat");
  const issue = await octocat.openIssue(hello, { title: "Bug", body: "It", labels: ["there"] });
  await octocat.createBranch(hello, "topic");
  await octocat.commitFile(hello, { path: "a.txt", content: "a", branch: "topic" });
  const pull = await octocat.openPullRequest(hello, { title: "Fix", head: "topic" });
  const { id: comment_id } = await octocat.comment(issue, "One");
  await octocat.reviewComment(pull, { body: "Two" });
  github.team("octo-org", "core", ["octocat"]);
  const baseUrl = `http://${github.host}/api/v3`;
  const { clientId: client_id, clientSecret } = github.oauth;
  const authorization = `basic ${btoa(`${client_id}:${clientSecret}`)}`;
  const client = new Octokit({ baseUrl }).request.defaults({ headers: { authorization } });
  const viewer = new Octokit({ baseUrl });
  // Among the requests is one that ends all tokens.
  viewer.hook.before("request", ({ headers }) => {
    headers.authorization = `Bearer ${github.oauth.authorize("octocat").token}`;
  });
  askers = {
    app,
    bot,
    client: { request: client },
    person: new Octokit({ auth: octocat.token, baseUrl }),
    viewer,
  };
  const people = { org: "octo-org", team_slug: "core", username: "octocat" };
  const numbers = { issue_number: issue.number, pull_number: pull.number, comment_id };
  const { data: feature } = await bot.rest.repos.getBranch({ ...hello, branch: "feature" });
  const { sha } = feature.commit;
  parameters = { ...hello, ...people, ...numbers, installation_id, delivery_id: 1, sha, client_id };
});

afterAll(() => github.close());

const IN_REPOSITORY = "/repos/{owner}/{repo}";
const ISSUE = `${IN_REPOSITORY}/issues/{issue_number}`;
const PULL = `${IN_REPOSITORY}/pulls/{pull_number}`;
const LINE = `${IN_REPOSITORY}/pulls/comments/{comment_id}`;
const COMMENT = `${IN_REPOSITORY}/issues/comments/{comment_id}`;
const RUN = { check_run_id: 1, status: "completed", conclusion: "success" };
const sha = "aab3f5bc3d4e0b8b5ed5ba2a3a0bd0b1d8c4a0b5";

/** One request for each operation, in an order in which they all succeed. */
const REQUESTS: readonly (readonly [Asker, string, object?])[] = [
  ["app", "GET /app"],
  ["app", "GET /app/hook/config"],
  ["app", "GET /app/hook/deliveries"],
  ["app", "POST /app/hook/deliveries/{delivery_id}/attempts"],
  ["app", "GET /app/installations"],
  ["app", "GET /app/installations/{installation_id}"],
  ["bot", "GET /installation/repositories"],
  ["app", "POST /app/installations/{installation_id}/access_tokens"],
  ["app", `GET ${IN_REPOSITORY}/installation`],
  ["app", "GET /orgs/{org}/installation"],
  ["person", "GET /user"],
  ["viewer", "GET /user/installations"],
  ["viewer", "GET /user/installations/{installation_id}/repositories"],
  ["bot", "GET /orgs/{org}/memberships/{username}"],
  ["bot", "GET /orgs/{org}/teams/{team_slug}"],
  ["bot", "GET /orgs/{org}/teams/{team_slug}/memberships/{username}"],
  ["person", `GET ${IN_REPOSITORY}`],
  ["bot", `GET ${IN_REPOSITORY}/collaborators/{username}/permission`],
  ["bot", `GET ${IN_REPOSITORY}/labels`],
  ["bot", `POST ${IN_REPOSITORY}/labels`, { name: "made", color: "8250df", description: "It" }],
  ["person", `POST ${IN_REPOSITORY}/issues`, { title: "Another" }],
  ["bot", `GET ${ISSUE}`],
  ["person", `PATCH ${ISSUE}`, { state: "closed" }],
  ["person", `PUT ${ISSUE}/lock`, { lock_reason: "resolved" }],
  ["person", `DELETE ${ISSUE}/lock`],
  ["bot", `POST ${ISSUE}/labels`, { labels: ["new"] }],
  ["bot", `DELETE ${ISSUE}/labels/{name}`, { name: "there" }],
  ["bot", `GET ${ISSUE}/comments`],
  ["bot", `POST ${ISSUE}/comments`, { body: "Three" }],
  ["bot", `POST ${ISSUE}/reactions`, { content: "eyes" }],
  ["bot", `POST ${COMMENT}/reactions`, { content: "eyes" }],
  ["bot", `POST ${LINE}/reactions`, { content: "eyes" }],
  ["bot", `PATCH ${COMMENT}`, { body: "One more" }],
  ["bot", `DELETE ${COMMENT}`],
  ["person", `PATCH ${LINE}`, { body: "Two more" }],
  ["person", `DELETE ${LINE}`],
  ["person", `POST ${IN_REPOSITORY}/pulls`, { title: "F", head: "feature", base: "main" }],
  ["bot", `GET ${IN_REPOSITORY}/pulls`, { state: "all", head: "octo-org:feature" }],
  ["bot", `GET ${PULL}`],
  ["person", `PATCH ${PULL}`, { title: "Fixed" }],
  ["person", `POST ${PULL}/reviews`, { event: "APPROVE", body: "Fine" }],
  ["person", `POST ${PULL}/comments`, { body: "Here", path: "a.txt", line: 1, commit_id: sha }],
  ["person", `PUT ${PULL}/merge`],
  ["bot", `GET ${IN_REPOSITORY}/contents/{path}`, { path: "README.md" }],
  [
    "person",
    `PUT ${IN_REPOSITORY}/contents/{path}`,
    { path: "b.txt", message: "m", content: "Yg==", sha: undefined },
  ],
  [
    "person",
    `DELETE ${IN_REPOSITORY}/contents/{path}`,
    { path: "b.txt", message: "m", sha: "63d8dbd40c23542e740659a7168a0ce3138ea748" },
  ],
  ["bot", `GET ${IN_REPOSITORY}/branches/{branch}`, { branch: "topic" }],
  ["person", `POST ${IN_REPOSITORY}/git/refs`, { ref: "refs/heads/later" }],
  ["person", `DELETE ${IN_REPOSITORY}/git/refs/{ref}`, { ref: "heads/later" }],
  ["bot", `POST ${IN_REPOSITORY}/check-runs`, { name: "Copilot", head_sha: sha }],
  ["bot", `PATCH ${IN_REPOSITORY}/check-runs/{check_run_id}`, RUN],
  ["bot", `GET ${IN_REPOSITORY}/commits/{ref}/check-runs`, { ref: sha }],
  ["bot", `GET ${IN_REPOSITORY}/compare/{basehead}`, { basehead: "main...topic" }],
  ["person", `PATCH ${IN_REPOSITORY}`, { archived: true }],
  ["person", `POST ${IN_REPOSITORY}/transfer`, { new_owner: "writer" }],
  ["person", `DELETE ${IN_REPOSITORY}`, { owner: "octo-org", repo: "blocked" }],
];

test.each(APPLICATION_ROUTES.map(({ operation }) => operation))(
  "client: %s answers as GitHub describes it",
  async (operation) => {
    const { token: access_token } = github.oauth.authorize("octocat");
    const sent = { ...parameters, access_token };
    const { status, data } = await askers.client.request(operation, sent);
    const body: unknown = status === 204 ? undefined : data;
    expect(answerProblems(operation, status, body)).toEqual([]);
  },
);

test.each(REQUESTS.map(([asker, operation, more = {}]) => ({ asker, operation, more })))(
  "$asker: $operation answers as GitHub describes it",
  async ({ asker, operation, more }) => {
    const sent = { ...parameters, ...more };
    const { status, data } = await askers[asker].request(operation, sent);
    const body: unknown = status === 204 ? undefined : data;
    expect(answerProblems(operation, status, body)).toEqual([]);
  },
);

test("each route is one of GitHub's operations, and was asked", () => {
  const served = [...APP_ROUTES, ...VIEWER_ROUTES, ...ROUTES].map(({ operation }) => operation);
  expect(REQUESTS.map(([, operation]) => operation).toSorted()).toEqual(served.toSorted());
});

test("what isn't served is not found, with a link to GitHub's documentation", async () => {
  const path = `${IN_REPOSITORY}/stargazers`;
  const documentation_url = expect.stringContaining("https://docs.github.com/rest");
  await expect(askers.bot.request(`GET ${path}`, hello)).rejects.toMatchObject({
    status: 404,
    response: { data: { message: "Not Found", documentation_url } },
  });
});
