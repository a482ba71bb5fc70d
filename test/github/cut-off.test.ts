import { expect, test } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { permission } from "./answers.ts";
import type { Expected } from "./prepared.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";

const github = useGitHub();

const HELLO = "/repos/octo-org/hello";
const task = taskWith({ createdAt: "2026-03-01T12:00:00.000Z" });

type Send = (connection: GitHubConnection) => Promise<unknown>;

async function troubleWith(send: Send, connection: GitHubConnection): Promise<unknown> {
  const outcome = await send(connection).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  return "error" in outcome ? connection.troubleOf(outcome.error) : outcome;
}

// Octokit hands over what has arrived, as text, and calls it a success.
test.each<[string, Expected, Send]>([
  [
    "does not deny a task to somebody who may write",
    `GET ${HELLO}/collaborators/octocat/permission`,
    (it) => it.roleOf(task, { login: "octocat", id: 583_231 }),
  ],
  [
    "does not say that there is no such branch",
    `GET ${HELLO}/branches/main`,
    (it) => it.branch(task, "main"),
  ],
  [
    "does not say that there is no such text",
    GRAPHQL,
    (it) => it.text(task, "repository", "triage.md"),
  ],
  [
    "does not say that somebody is in no team",
    "GET /orgs/octo-org/teams/staff/memberships/octocat",
    (it) => it.membership(task, "octo-org", "staff"),
  ],
  [
    "does not say that the bot has no comment yet",
    `GET ${HELLO}/issues/7/comments?since=2026-03-01T11%3A00%3A00.000Z&per_page=100`,
    (it) => it.findComment(task, "<!-- copilot-task:"),
  ],
  [
    "does not make a comment without an id",
    `POST ${HELLO}/issues/7/comments`,
    (it) => it.createComment(task, "Started."),
  ],
])("an answer that is cut off %s", async (_what, expected, send) => {
  const connection = await github.connectInstalled();
  // A query is sent again, up to three times.
  for (let time = 0; time < (expected === GRAPHQL ? 4 : 1); time += 1) github.cutsOff(expected);

  expect(await troubleWith(send, connection)).toMatchObject({ type: "unreachable" });
});

test("an answer that is cut off is no survey, and no defect either", async () => {
  const connection = await github.connectInstalled();
  const answer = permission("write", { login: "octocat", id: 583_231 });
  github.answers(`GET ${HELLO}/collaborators/octocat/permission`, answer);
  // All is asked for twice, then less and less.
  for (let time = 0; time < 5; time += 1) github.cutsOff(GRAPHQL);

  const trouble = await troubleWith((it) => it.survey(task), connection);
  expect(trouble).toMatchObject({ type: "unreachable" });
});
