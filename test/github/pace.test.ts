import { test } from "vitest";
import { taskWith } from "../core/task.ts";
import { installationToken, permission } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { answer } from "./survey-answers.ts";

const github = useGitHub();

// Octokit lets one write a second pass, and takes every GraphQL query for a write.
test("surveys do not wait for each other, nor for writes", async () => {
  github.answers("POST /app/installations/31/access_tokens", installationToken("ghs_pace"));
  const connection = await github.connect({ throttled: true });
  const many = Array.from({ length: 30 }, () => taskWith());
  const octocat = { login: "octocat", id: 583_231 };
  for (let count = 0; count < many.length; count += 1) {
    github.answers(
      "GET /repos/octo-org/hello/collaborators/octocat/permission",
      permission("write", octocat),
    );
    github.returns(answer({}));
  }
  // One a second would take longer than the test may.
  await Promise.all(many.map((task) => connection.survey(task)));
}, 25_000);
