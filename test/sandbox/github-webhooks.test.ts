import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { text } from "node:stream/consumers";
import { Probot } from "probot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { payloadProblems, problems } from "./description.ts";

interface Received {
  readonly event: string;
  readonly delivery: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly genuine: boolean;
  readonly payload: Record<string, unknown>;
}

let github: LoopbackGitHub;
let probot: Probot;
let bot: Server;
let received: Received[];

beforeAll(async () => {
  github = await startGitHub();
  const { appId, privateKey, webhookSecret: secret } = github;
  const baseUrl = `http://${github.host}/api/v3`;
  probot = new Probot({ appId, privateKey, secret, baseUrl, logLevel: "fatal" });
  bot = createServer((message, response) => {
    void text(message).then(async (body) => {
      const { headers } = message;
      received.push({
        event: String(headers["x-github-event"]),
        delivery: String(headers["x-github-delivery"]),
        headers,
        genuine: await probot.webhooks.verify(body, String(headers["x-hub-signature-256"])),
        payload: JSON.parse(body),
      });
      return response.writeHead(202).end();
    });
  }).listen(0, "127.0.0.1");
  await once(bot, "listening");
  const address = bot.address();
  if (address === null || typeof address === "string") throw new Error("The bot has no port");
  github.deliverTo(`http://127.0.0.1:${address.port}/api/github/webhooks`);
});

beforeEach(() => {
  received = [];
});

afterAll(async () => {
  await github.close();
  bot.close();
});

function kinds(): string[] {
  return received.map(({ event, payload }) => `${event}.${String(payload["action"])}`);
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, key) => {
    return found !== null && typeof found === "object" ? Reflect.get(found, key) : undefined;
  }, value);
}

describe("webhooks", () => {
  test("are signed, and sent in GitHub's form", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Bug", labels: ["copilot"] });
    await writer.unlabel(issue, "copilot");
    const comment = await writer.comment(issue, "/copilot");
    await writer.editComment(comment, "/copilot fix");
    await writer.deleteComment(comment);
    await writer.edit(issue, { body: "More", state: "closed" });
    expect(kinds()).toEqual([
      "issues.opened",
      "issues.labeled",
      "issues.unlabeled",
      "issue_comment.created",
      "issue_comment.edited",
      "issue_comment.deleted",
      "issues.edited",
      "issues.closed",
    ]);
    expect(received.every(({ genuine }) => genuine)).toBe(true);
    expect(new Set(received.map(({ delivery }) => delivery)).size).toBe(received.length);
    expect(received[0]?.delivery).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(received[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
    });
    expect(github.deliveries.at(-1)).toMatchObject({
      event: "issues",
      action: "closed",
      statusCode: 202,
    });
  });

  test("of a pull request", async () => {
    const octocat = github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Review me", head: "feature" });
    await octocat.label(pull, "copilot");
    await octocat.comment(pull, "/copilot");
    await octocat.review(pull, { body: "/copilot do what I say", event: "REQUEST_CHANGES" });
    const line = await octocat.reviewComment(pull, { body: "/copilot this line" });
    await octocat.editComment(line, "/copilot that line");
    await octocat.edit(pull, { title: "Reviewed" });
    expect(kinds()).toEqual([
      "pull_request.opened",
      "pull_request.labeled",
      "issue_comment.created",
      "pull_request_review.submitted",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
      "pull_request_review_comment.edited",
      "pull_request.edited",
    ]);
    expect(at(received[2]?.payload, "issue.pull_request.url")).toContain(`/pulls/${pull.number}`);
    expect(at(received[3]?.payload, "review.state")).toBe("changes_requested");
    expect(at(received[4]?.payload, "review.body")).toBeNull();
  });

  test("of labels that two people add at once are one for each label", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Busy" });
    const names = ["copilot", "bug", "copilot", "docs"];
    await Promise.all(names.map((name) => github.as("writer").label(issue, name)));
    const labeled = received.slice(1).map(({ payload }) => at(payload, "label.name"));
    expect(new Set(labeled)).toEqual(new Set(["bug", "copilot", "docs"]));
    expect(labeled).toHaveLength(3);
  });

  test("are sent again, sent twice, and lost", async () => {
    const octocat = github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Again" });
    const id = received[0]?.delivery ?? "";
    expect(await github.redeliver(id)).toBe(202);
    const other = "0e0a5ce2-5ef9-4f42-bb68-000000000001";
    expect(await github.deliverAgainAs(id, other)).toBe(202);
    expect(received.map(({ delivery }) => delivery)).toEqual([id, id, other]);

    github.loseNext({ event: "issue_comment", action: "created" });
    await octocat.comment(issue, "lost");
    await octocat.comment(issue, "Sent");
    expect(received.slice(3).map(({ payload }) => at(payload, "comment.body"))).toEqual(["Sent"]);
    const lost = github.deliveries.at(-2);
    expect(lost?.statusCode).toBeNull();
    expect(await github.redeliver(lost?.id ?? "")).toBe(202);
  });

  test("of a comment say through which App it was written, and no others do", async () => {
    const slack = { id: 11, slug: "slack" };
    const person = github.as("writer");
    const through = github.as("writer", slack);
    expect(through.token).toMatch(/^ghu_\w{36}$/);
    const issue = await through.openIssue(hello, { title: "Opened by an App" });
    await through.label(issue, "copilot");
    const written = await through.comment(issue, "Through an App");
    await person.comment(issue, "By hand");
    const via = received.map(({ payload }) => at(payload, "comment.performed_via_github_app.slug"));
    expect(via).toEqual([undefined, undefined, "slack", undefined]);
    expect(at(received[3]?.payload, "comment.performed_via_github_app")).toBeNull();
    expect(received.map(({ payload }) => at(payload, "sender.login"))).toEqual(
      received.map(() => "writer"),
    );
    expect(problems("integration", written["performed_via_github_app"])).toEqual([]);
  });

  test("the App, and its hook's deliveries", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Sent once" });
    const appOctokit = await probot.auth();
    expect((await appOctokit.rest.apps.getAuthenticated()).data?.slug).toBe("copilot-task-bot");
    const { data } = await appOctokit.rest.apps.listWebhookDeliveries();
    const [latest] = data;
    expect(latest).toMatchObject({
      guid: received[0]?.delivery,
      event: "issues",
      status_code: 202,
    });

    await appOctokit.rest.apps.redeliverWebhookDelivery({ delivery_id: latest?.id ?? 0 });
    await github.until(() => received.length === 2);
    expect(new Set(received.map(({ delivery }) => delivery)).size).toBe(1);
    expect(at(received[1]?.payload, "issue.number")).toBe(issue.number);
  });
});

describe("payloads", () => {
  test("are as GitHub describes them", () => {
    expect(github.deliveries.flatMap(payloadProblems)).toEqual([]);
    expect(new Set(github.deliveries.map(({ event }) => event))).toEqual(
      new Set([
        "issues",
        "issue_comment",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
      ]),
    );
  });

  test("times are in whole seconds", () => {
    const payload = github.deliveries.find(({ event }) => event === "issues")?.payload;
    expect(at(payload, "issue.updated_at")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
