import { describe, expect, test } from "vitest";
import { taskWith } from "../core/task.ts";
import { checkRun, label } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { FEATURE } from "./survey-answers.ts";

const github = useGitHub();

const task = taskWith();

describe("a label", () => {
  const LABELS = "/repos/octo-org/hello/issues/7/labels";
  const RUNNING = `DELETE ${LABELS}/copilot%3Arunning%20%26%20well` as const;

  test("is set besides the others", async () => {
    const connection = await github.connectInstalled();
    github.answers(`POST ${LABELS}`, [label("bug"), label("copilot:running")], { status: 200 });

    await connection.addLabel(task, "copilot:running");
    expect(github.received.at(-1)?.body).toEqual({ labels: ["copilot:running"] });
  });

  test("that GitHub does not set", async () => {
    const connection = await github.connectInstalled();
    github.refuses(`POST ${LABELS}`, 404);

    await expect(connection.addLabel(task, "copilot:running")).rejects.toMatchObject({
      status: 404,
    });
  });

  test("is removed, whatever is in its name", async () => {
    const connection = await github.connectInstalled();
    github.answers(RUNNING, [label("bug")]);

    await connection.removeLabel(task, "copilot:running & well");
    expect(github.received).toHaveLength(2);
  });

  test("that isn't there counts as removed", async () => {
    const connection = await github.connectInstalled();
    github.refuses(RUNNING, 404, { message: "Label does not exist" });

    await connection.removeLabel(task, "copilot:running & well");
  });

  test("that can't be removed", async () => {
    const connection = await github.connectInstalled();
    github.refuses(RUNNING, 403, { message: "Resource not accessible by integration" });

    const removal = connection.removeLabel(task, "copilot:running & well");
    await expect(removal).rejects.toMatchObject({ status: 403 });
  });

  test("of an installation that is gone is not taken for one that is not there", async () => {
    const connection = await github.connect();
    github.refuses("POST /app/installations/31/access_tokens", 404);

    const removal = connection.removeLabel(task, "copilot:running & well");
    await expect(removal).rejects.toMatchObject({ status: 404 });
  });
});

describe("a check run", () => {
  const CHECK_RUNS = "/repos/octo-org/hello/check-runs";
  const summary = "Copilot task: triage.";
  const link = "https://github.com/octo-org/hello/tasks/5f9c2b1e";
  const queued = { status: "queued", conclusion: null, link: null, summary } as const;
  const done = { status: "completed", conclusion: "success", link, summary } as const;
  const output = { title: "copilot task", summary };

  test("is created on the commit, and its id is returned", async () => {
    const connection = await github.connectInstalled();
    github.answers(`POST ${CHECK_RUNS}`, checkRun(4));

    expect(await connection.writeCheckRun(task, FEATURE, null, queued)).toBe(4);
    expect(github.received.at(-1)?.body).toEqual({
      head_sha: FEATURE,
      name: "copilot task",
      external_id: task.id,
      status: "queued",
      output,
    });
  });

  test("is changed", async () => {
    const connection = await github.connectInstalled();
    github.answers(`PATCH ${CHECK_RUNS}/4`, checkRun(4));

    expect(await connection.writeCheckRun(task, FEATURE, 4, done)).toBe(4);
    expect(github.received.at(-1)?.body).toEqual({
      status: "completed",
      conclusion: "success",
      details_url: link,
      output,
    });
  });

  test.each([
    ["POST", CHECK_RUNS, null],
    ["PATCH", `${CHECK_RUNS}/4`, 4],
  ] as const)("that GitHub does not take: %s", async (method, path, id) => {
    const connection = await github.connectInstalled();
    github.refuses(`${method} ${path}`, 404);

    const written = connection.writeCheckRun(task, FEATURE, id, queued);
    await expect(written).rejects.toMatchObject({ status: 404 });
  });
});
