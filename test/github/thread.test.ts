import { describe, expect, test } from "vitest";
import type { CommentPlace } from "../../src/core/task/task.ts";
import { COMMANDED, FROM_PAGE, over, taskWith } from "../core/task.ts";
import { author, comment, createdComment, reaction } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const task = taskWith({ createdAt: "2026-03-01T12:00:00.000Z" });
const THREAD = "/repos/octo-org/hello/issues/7";
const MARKER = "<!-- copilot-task:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11 -->";
const COMMENTS = `GET ${THREAD}/comments?since=2026-03-01T11%3A00%3A00.000Z&per_page=100` as const;

const bot = author({ login: "copilot-tasks[bot]", type: "Bot" });

const command = (place: CommentPlace) =>
  over(COMMANDED, { trigger: { commentId: 88, place }, subject: { number: 7 } });

describe("a reaction goes to", () => {
  test.each([
    ["the issue, for a label", {}, `${THREAD}/reactions`],
    [
      "the comment with the command",
      command("issue_comment"),
      "/repos/octo-org/hello/issues/comments/88/reactions",
    ],
    [
      "the comment on the line of the diff",
      command("review_comment"),
      "/repos/octo-org/hello/pulls/comments/88/reactions",
    ],
    ["the pull request, for a review as a whole", command("review"), `${THREAD}/reactions`],
  ] as const)("%s", async (_where, changes, path) => {
    const connection = await github.connectInstalled();
    github.answers(`POST ${path}`, reaction("eyes"));

    await connection.react(taskWith(changes), "eyes");
    expect(github.received.at(-1)?.body).toEqual({ content: "eyes" });
  });

  test("nothing, for a command from a page", async () => {
    const connection = await github.connect();

    await connection.react(taskWith(FROM_PAGE), "eyes");
    expect(github.received).toEqual([]);
  });

  test("the same place twice without harm", async () => {
    const connection = await github.connectInstalled();
    github.answers(`POST ${THREAD}/reactions`, reaction("confused"), { status: 201 });
    github.answers(`POST ${THREAD}/reactions`, reaction("confused"), { status: 200 });

    await connection.react(task, "confused");
    await connection.react(task, "confused");
  });
});

/** The App through which a comment was written, as GitHub returns it. */
function app(id: number) {
  if (bot === null) throw new TypeError("the bot has an account");
  return {
    id,
    node_id: "A_1",
    owner: bot,
    name: "Copilot Task Bot",
    description: null,
    external_url: "https://example.com",
    html_url: "https://github.com/apps/copilot-task-bot",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: {},
    events: [],
  };
}

const OWN = { user: bot, performed_via_github_app: app(4_711) };

describe("the bot's comment", () => {
  test("is found among those since the task began", async () => {
    const connection = await github.connectInstalled();
    github.answers(COMMENTS, [
      comment({ id: 1 }),
      comment({ ...OWN, id: 2, body: `${MARKER}\nTriage has started.` }),
    ]);

    expect(await connection.findComment(task, MARKER)).toBe(2);
  });

  test("is found beside another one of it", async () => {
    const connection = await github.connectInstalled();
    const own = [2, 3].map((id) => comment({ ...OWN, id, body: MARKER }));
    github.answers(COMMENTS, own);

    expect(await connection.findComment(task, MARKER, 2)).toBe(3);
  });

  test("is found on a later page", async () => {
    const connection = await github.connectInstalled();
    const second = `${COMMENTS}&page=2` as const;
    const link = `<${second.replace("GET ", "https://api.github.com")}>; rel="next"`;
    const others = Array.from({ length: 100 }, (_, index) => comment({ id: index + 1 }));
    github.answers(COMMENTS, others, { headers: { link } });
    github.answers(second, [comment({ ...OWN, id: 101, body: `${MARKER}\nStarted.` })]);

    expect(await connection.findComment(task, MARKER)).toBe(101);
  });

  test.each([
    ["that somebody pasted the marker of", { body: `${MARKER}\nTriage has started.` }],
    ["that somebody who is gone wrote", { user: null, body: MARKER }],
    ["of another App", { user: bot, performed_via_github_app: app(4_712), body: MARKER }],
    ["of another task", { ...OWN, body: "<!-- copilot-task:another -->\nStarted." }],
    ["that only quotes the marker", { ...OWN, body: `> ${MARKER}` }],
  ])("is not one %s", async (_which, changes) => {
    const connection = await github.connectInstalled();
    github.answers(COMMENTS, [comment(changes)]);

    expect(await connection.findComment(task, MARKER)).toBeNull();
  });

  test("is created, and its id is returned", async () => {
    const connection = await github.connectInstalled();
    const body = `${MARKER}\nTriage has **started**.`;
    github.answers(`POST ${THREAD}/comments`, createdComment(2_345, body));

    expect(await connection.createComment(task, body)).toBe(2_345);
    expect(github.received.at(-1)?.body).toEqual({ body });
  });

  test("is changed", async () => {
    const connection = await github.connectInstalled();
    const body = `${MARKER}\nTriage has failed.`;
    const place = "PATCH /repos/octo-org/hello/issues/comments/2345";
    github.answers(place, createdComment(2_345, body));

    await connection.updateComment(task, 2_345, body);
    expect(github.received.at(-1)?.body).toEqual({ body });
  });

  test("that somebody deleted is not changed", async () => {
    const connection = await github.connectInstalled();
    github.refuses("PATCH /repos/octo-org/hello/issues/comments/2345", 404);

    await expect(connection.updateComment(task, 2_345, "Failed.")).rejects.toMatchObject({
      status: 404,
    });
  });
});
