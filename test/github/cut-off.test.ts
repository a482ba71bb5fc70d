import { expect, test } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { issue } from "./answers.ts";
import type { Expected } from "./prepared.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const HELLO = "/repos/octo-org/hello";
const task = taskWith({ createdAt: "2026-03-01T12:00:00.000Z" });
const pull = taskWith({ subjectType: "pull_request" });

type Question = (connection: GitHubConnection) => Promise<unknown>;

async function troubleWith(question: Question, connection: GitHubConnection): Promise<unknown> {
  const outcome = await question(connection).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  return "error" in outcome ? connection.troubleOf(outcome.error) : outcome;
}

// Octokit hands over what has arrived, as text, and calls it a success.
test.each<[string, Expected, Question]>([
  [
    "does not deny a task to somebody who may write",
    `GET ${HELLO}/collaborators/octocat/permission`,
    (it) => it.facts(task),
  ],
  [
    "does not leave a prompt without its subject",
    `GET ${HELLO}/issues/7`,
    (it) => it.passages(task),
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
])("an answer that is cut off %s", async (_what, expected, question) => {
  const connection = await github.connectInstalled();
  github.cutsOff(expected);

  expect(await troubleWith(question, connection)).toMatchObject({ type: "unreachable" });
});

test("an answer that is cut off is no list of files, and no defect either", async () => {
  const connection = await github.connectInstalled();
  github.answers(`GET ${HELLO}/issues/7`, issue({ comments: 0 }));
  github.cutsOff(`GET ${HELLO}/pulls/7/files?per_page=100`);

  const trouble = await troubleWith((it) => it.passages(pull), connection);
  expect(trouble).toMatchObject({ type: "unreachable" });
});
