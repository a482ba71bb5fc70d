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
import { answer } from "./survey-answers.ts";

const API = "https://api.octocorp.ghe.com";
const github = useGitHub(API);

test("with data residency installation, token, role, and subject come from the enterprise's own API", async () => {
  const connection = await github.connect();
  github.answers("GET /repos/octo-org/hello/installation", installation(5));
  github.answers("POST /app/installations/5/access_tokens", installationToken("ghs_of_5"));
  const place = "GET /repos/octo-org/hello/collaborators/octocat/permission";
  github.answers(place, permission("read", { login: "octocat", id: 583_231 }));
  github.returns(answer());

  const survey = await connection.survey(taskWith({ place: { installationId: null } }));
  expect(survey).toMatchObject({ role: "read", subject: { title: "It crashes" } });
  expect(github.received.at(-1)).toMatchObject({ path: "/graphql" });
});

test("with data residency it is asked about the token", async () => {
  github.answers("GET /user", authenticatedUser());
  github.answers("GET /repos/octo-org/hello", repository({}));

  const request = { token: "ghu_of_the_account", owner: "octo-org", repository: "hello" };
  expect(await diagnose(request, API)).toBeNull();
});
