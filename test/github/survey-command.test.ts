import { describe, expect, test } from "vitest";
import type { CommentPlace } from "../../src/core/task/task.ts";
import type { Layer } from "../core/task.ts";
import { COMMANDED, FROM_PAGE, over, taskWith } from "../core/task.ts";
import { permission } from "./answers.ts";
import type { Source } from "./graphql.ts";
import { useGitHub } from "./prepared.ts";
import { answer, comment, issue, pull, thread } from "./survey-answers.ts";

const github = useGitHub();

function commandOf(place: CommentPlace, subject: Source) {
  return surveyedCommand(over(COMMANDED, { trigger: { place, commentId: 7 } }), subject);
}

async function surveyedCommand(command: Layer, subject: Source) {
  const connection = await github.connectInstalled();
  const octocat = { login: "octocat", id: 583_231 };
  github.answers(
    "GET /repos/octo-org/hello/collaborators/octocat/permission",
    permission("write", octocat),
  );
  github.returns(answer({ subject }));
  const type = subject["__typename"] === "Issue" ? "issue" : "pull_request";
  const task = taskWith(command, { subject: { type, number: 7 } });
  return (await connection.survey(task)).command;
}

function written(databaseId: number, body: string): Source {
  return { ...comment(body), databaseId };
}

const WANTED = { body: "/copilot triage", bodyHtml: "<p>/copilot triage</p>", hidden: false };
const other = written(6, "Not this");
const wanted = written(7, "/copilot triage");

describe("the comment of a command is found", () => {
  test("among the comments", async () => {
    const subject = issue({ comments: thread([other, wanted]) });
    expect(await commandOf("issue_comment", subject)).toEqual(WANTED);
  });

  test("among the reviews", async () => {
    const subject = pull({ reviews: { nodes: [other, wanted] } });
    expect(await commandOf("review", subject)).toEqual(WANTED);
  });

  test("among the comments on lines", async () => {
    const nodes = [{ ...other, comments: { nodes: [other, wanted] } }];
    const subject = pull({ reviews: { nodes } });
    expect(await commandOf("review_comment", subject)).toEqual(WANTED);
  });

  test("and known as hidden", async () => {
    const hidden = { ...wanted, isMinimized: true };
    const subject = issue({ comments: thread([hidden]) });
    const found = await commandOf("issue_comment", subject);
    expect(found).toEqual({ ...WANTED, hidden: true });
  });

  test("or not, where it's none of the last ones", async () => {
    const subject = issue({ comments: thread([other]) });
    expect(await commandOf("issue_comment", subject)).toBeNull();
  });

  test("nowhere, for one from a page", async () => {
    const subject = issue({ comments: thread([other, wanted]) });
    expect(await surveyedCommand(FROM_PAGE, subject)).toBeNull();
  });
});
