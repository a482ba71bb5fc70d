import { expect, test } from "vitest";
import { createTaskTraces } from "../../src/tracing/open-telemetry.ts";
import { samplerOf } from "../../src/tracing/sampling.ts";
import { taskWith } from "../core/task.ts";
import { KeepingExporter } from "../tracing/keeping-exporter.ts";
import { comment, installationToken, reaction } from "./answers.ts";
import { useGitHub } from "./prepared.ts";

const github = useGitHub();

const TOKEN = "POST /app/installations/31/access_tokens";
const THREAD = "/repos/octo-org/hello/issues/7";
const task = taskWith({ createdAt: "2026-03-01T12:00:00.000Z" });

type Connection = Awaited<ReturnType<typeof github.connect>>;

/** The spans of what is done with a connection that has its token. */
async function spansOf(work: (connection: Connection) => Promise<unknown>) {
  const exporter = new KeepingExporter();
  const traces = createTaskTraces(samplerOf({ sampler: "always_on", ratio: 1 }), exporter);
  github.answers(TOKEN, installationToken("ghs_16C7e42F292c6912E7710c838347Ae178B4a"));
  const connection = await github.connect({ tracing: traces });
  await traces.spanOf(task.id, "start task", () => work(connection).catch(() => {}));
  await traces.close();
  return exporter.kept
    .filter(({ name }) => !name.includes("access_tokens") && name !== "start task")
    .map(({ name, attributes, status }) => ({ name, attributes, status: status.code }));
}

const SERVER = { "server.address": "api.github.com" };
const ERROR = 2;

test("a request's span has the template of its path, and how it was answered", async () => {
  const path = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
  github.refuses("PATCH /repos/octo-org/hello/issues/comments/88", 404);
  expect(await spansOf((connection) => connection.updateComment(task, 88, "Started."))).toEqual([
    {
      name: `PATCH ${path}`,
      status: ERROR,
      attributes: {
        ...SERVER,
        "http.request.method": "PATCH",
        "url.template": path,
        "http.response.status_code": 404,
        "error.type": "404",
      },
    },
  ]);
});

test("how often it was repeated is in it", async () => {
  github.refuses(`POST ${THREAD}/reactions`, 502);
  github.answers(`POST ${THREAD}/reactions`, reaction("eyes"), { status: 200 });
  const spans = await spansOf((connection) => connection.react(task, "eyes"));
  expect(spans).toHaveLength(1);
  expect(spans[0]?.attributes).toMatchObject({
    "http.response.status_code": 200,
    "http.request.resend_count": 1,
  });
});

test("a request without an answer has the error's name, and no status", async () => {
  github.breaks(`POST ${THREAD}/comments`);
  const [span] = await spansOf((connection) => connection.createComment(task, "Started."));
  expect(span?.status).toBe(ERROR);
  expect(span?.attributes).toMatchObject({ "error.type": "HttpError" });
  expect(Object.keys(span?.attributes ?? {})).not.toContain("http.response.status_code");
});

test("pages, whose addresses have names in them, have the template too", async () => {
  const first = `GET ${THREAD}/comments?since=2026-03-01T11%3A00%3A00.000Z&per_page=100` as const;
  const second = `${first}&page=2` as const;
  const link = `<${second.replace("GET ", "https://api.github.com")}>; rel="next"`;
  github.answers(first, [comment({ id: 1 })], { headers: { link } });
  github.answers(second, []);
  const spans = await spansOf((connection) => connection.findComment(task, "<!-- marker -->"));
  expect(spans.map(({ name }) => name)).toEqual([
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  ]);
  expect(JSON.stringify(spans)).not.toContain("octo-org");
});
