import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { author, changedFile, comment, issue } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const ISSUE = "GET /repos/octo-org/hello/issues/7";
const FILES = "GET /repos/octo-org/hello/pulls/7/files?per_page=100";

const onIssue = taskWith();
const onPullRequest = taskWith({ subjectType: "pull_request" });

/** The comments from one to another, numbered by their text. */
function comments(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    return comment({ id: from + index, body: `comment ${from + index}` });
  });
}

function page(number: number): `GET /${string}` {
  return `${ISSUE}/comments?per_page=10&page=${number}`;
}

async function textsOfComments(count: number): Promise<string[]> {
  const connection = await github.connectInstalled();
  github.answers(ISSUE, issue({ comments: count }));
  const passages = await connection.passages(onIssue);
  return passages.filter(({ label }) => label.startsWith("comment")).map(({ text }) => text);
}

describe("title and body", () => {
  test("of an issue that nobody has commented on: no comments are asked for", async () => {
    const connection = await github.connectInstalled();
    const told = { title: "It crashes", body: "When I press <kbd>F1</kbd>.", comments: 0 };
    github.answers(ISSUE, issue({ ...told, user: author({ login: "hubot" }) }));

    expect(await connection.passages(onIssue)).toEqual([
      { label: "title, by hubot", text: "It crashes" },
      { label: "body, by hubot", text: "When I press <kbd>F1</kbd>." },
    ]);
  });

  test("of an issue without a body, by somebody who is gone", async () => {
    const connection = await github.connectInstalled();
    github.answers(ISSUE, issue({ title: "It crashes", body: null, comments: 0, user: null }));

    expect(await connection.passages(onIssue)).toEqual([
      { label: "title, by ghost", text: "It crashes" },
      { label: "body, by ghost", text: "" },
    ]);
  });
});

describe("comments", () => {
  test("few: the one page that they are on", async () => {
    github.answers(page(1), comments(1, 10));

    expect(await textsOfComments(10)).toEqual(comments(1, 10).map(({ body }) => body));
  });

  test("23: the last ten, from pages two and three", async () => {
    github.answers(page(2), comments(11, 20));
    github.answers(page(3), comments(21, 23));

    expect(await textsOfComments(23)).toEqual(comments(14, 23).map(({ body }) => body));
  });

  test("the bot's own are left out, and others take their place", async () => {
    const own = comment({ body: "<!-- copilot-task:1 -->\nTriage has started." });
    github.answers(page(2), [...comments(11, 19), own]);
    github.answers(page(3), [own, ...comments(22, 23)]);

    const others = [...comments(12, 19), ...comments(22, 23)];
    expect(await textsOfComments(23)).toEqual(others.map(({ body }) => body));
  });

  test("are told with their author, also one who is gone", async () => {
    const connection = await github.connectInstalled();
    github.answers(ISSUE, issue({ comments: 2 }));
    const hubot = author({ login: "hubot" });
    github.answers(page(1), [
      comment({ user: hubot, body: "Me too" }),
      comment({ user: null, body: "Me three" }),
    ]);

    expect((await connection.passages(onIssue)).slice(2)).toEqual([
      { label: "comment, by hubot", text: "Me too" },
      { label: "comment, by ghost", text: "Me three" },
    ]);
  });
});

describe("the changed files of a pull request", () => {
  test("come before the comments", async () => {
    const connection = await github.connectInstalled();
    github.answers(ISSUE, issue({ comments: 1 }));
    github.answers(page(1), comments(1, 1));
    github.answers(FILES, [
      changedFile({ status: "modified", filename: "src/main.ts", additions: 3, deletions: 1 }),
      changedFile({ status: "removed", filename: "old name.ts", additions: 0, deletions: 40 }),
    ]);

    const [, , files, ...rest] = await connection.passages(onPullRequest);
    expect(files).toEqual({
      label: "changed files",
      text: "modified src/main.ts (+3 -1)\nremoved old name.ts (+0 -40)",
    });
    expect(rest).toHaveLength(1);
  });

  test("say so when there may be more of them", async () => {
    const connection = await github.connectInstalled();
    github.answers(ISSUE, issue({ comments: 0 }));
    const files = Array.from({ length: 100 }, (_, index) => changedFile({ filename: `${index}` }));
    github.answers(FILES, files);

    const [, , passage] = await connection.passages(onPullRequest);
    expect(passage?.label).toBe("changed files, the first 100");
    expect(passage?.text.split("\n")).toHaveLength(100);
  });
});

test("a subject that is gone", async () => {
  const connection = await github.connectInstalled();
  github.refuses(ISSUE, 410, { message: "This issue was deleted" });

  await expect(connection.passages(onIssue)).rejects.toMatchObject({ status: 410 });
});
