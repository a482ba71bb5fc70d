import { expect, test, vi } from "vitest";
import { diagnose } from "../../src/github/diagnosis.ts";
import { taskWith } from "../core/task.ts";
import {
  authenticatedUser,
  branch,
  installation,
  installationToken,
  permission,
  repository,
} from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { answer, MAIN } from "./survey-answers.ts";

const BASE_URL = "https://github.example/api/v3";
const github = useGitHub(BASE_URL, "https://github.example/api");

test("on GitHub Enterprise Server installation, token, role and subject come from its own API", async () => {
  const connection = await github.connect();
  github.answers("GET /repos/octo-org/hello/installation", installation(5));
  github.answers("POST /app/installations/5/access_tokens", installationToken("ghs_of_5"));
  github.answers(
    "GET /repos/octo-org/hello/collaborators/octocat/permission",
    permission("read", { login: "octocat", id: 583_231 }),
  );
  github.returns(answer());

  const survey = await connection.survey(taskWith({ place: { installationId: null } }));
  expect(survey).toMatchObject({ role: "read", subject: { title: "It crashes" } });
  expect(github.received.at(-1)).toMatchObject({
    path: "/graphql",
    authorization: "token ghs_of_5",
  });
});

test("on GitHub Enterprise Server a new token comes from its own API", async () => {
  const connection = await github.connect();
  const TOKEN = "POST /app/installations/31/access_tokens";
  const BRANCH = "GET /repos/octo-org/hello/branches/main";
  github.answers(TOKEN, installationToken("ghs_old"));
  github.answers(BRANCH, branch("main", MAIN));
  await connection.branch(taskWith(), "main");
  vi.setSystemTime(Date.now() + 600_000);
  github.refuses(BRANCH, 401, { message: "Bad credentials" });
  github.answers(TOKEN, installationToken("ghs_new"));
  github.answers(BRANCH, branch("main", MAIN));

  expect(await connection.branch(taskWith(), "main")).toMatchObject({ branch: "main" });
});

test("on GitHub Enterprise Server it is asked about the token", async () => {
  github.answers("GET /user", authenticatedUser());
  github.answers("GET /repos/octo-org/hello", repository({}));

  const request = { token: "ghu_of_the_account", owner: "octo-org", repository: "hello" };
  expect(await diagnose(request, BASE_URL)).toBeNull();
});
