import { expect, test } from "vitest";
import { diagnose } from "../../src/github/diagnosis.ts";
import { taskWith } from "../core/task.ts";
import {
  authenticatedUser,
  installation,
  installationToken,
  permission,
  repository,
} from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const BASE_URL = "https://github.example/api/v3";
const github = useGitHub(BASE_URL);

test("on GitHub Enterprise Server installation, token and facts come from its own API", async () => {
  const connection = await github.connect();
  github.answers("GET /repos/octo-org/hello/installation", installation(5));
  github.answers("POST /app/installations/5/access_tokens", installationToken("ghs_of_5"));
  github.answers(
    "GET /repos/octo-org/hello/collaborators/octocat/permission",
    permission("read", { login: "octocat", id: 583_231 }),
  );

  const facts = await connection.facts(taskWith({ installationId: null }));
  expect(facts).toEqual({ permission: "read" });
});

test("on GitHub Enterprise Server it is asked about the token", async () => {
  github.answers("GET /user", authenticatedUser());
  github.answers("GET /repos/octo-org/hello", repository({}));

  const request = { token: "ghu_of_the_account", owner: "octo-org", repository: "hello" };
  expect(await diagnose(request, BASE_URL)).toBeNull();
});
