import { describe, expect, test } from "vitest";
import { commented, deliver, labeled } from "./client.ts";
import { startServer } from "./started.ts";

const QUEUED = { result: "queued", taskId: expect.any(String) };
const DUPLICATE = { status: 202, body: { result: "duplicate" } };

describe("a webhook that starts a task", () => {
  test("is answered with the task, which is stored and will be processed", async () => {
    const server = await startServer();
    const answer = await deliver(server.webhooks);
    expect(answer).toEqual({ status: 202, body: QUEUED });
    expect(server.rows()).toEqual([
      {
        delivery_id: "delivery-1",
        event_key: "label:186853002:1:copilot:triage:2019-05-15T15:20:18Z",
        state: "queued",
      },
    ]);
    const [taskId = ""] = server.enqueued;
    expect(answer.body).toMatchObject({ taskId });
    expect(await server.tasks.get(taskId)).toMatchObject({ requester: { login: "Codertocat" } });
    expect(server.enqueued).toHaveLength(1);
  });

  test("is not answered before the row is there", async () => {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    const server = await startServer({
      insert: async (tasks, trigger) => {
        reached.resolve();
        await open.promise;
        return tasks.insert(trigger);
      },
    });
    const seen: string[] = [];
    const answer = deliver(server.webhooks).finally(() => seen.push("answered"));
    await reached.promise;
    // The same server answers others meanwhile, so that it could have answered this one.
    await fetch(`${server.url}/healthz`);
    expect(server.rows()).toEqual([]);
    expect(server.enqueued).toEqual([]);
    seen.push("written");
    open.resolve();
    expect(await answer).toEqual({ status: 202, body: QUEUED });
    expect(seen).toEqual(["written", "answered"]);
    expect(server.rows()).toHaveLength(1);
  });

  test("in a comment is taken with its content type spelled out", async () => {
    const server = await startServer();
    const answer = await deliver(server.webhooks, {
      event: "issue_comment",
      body: commented("/triage größer 😀"),
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(answer.status).toBe(202);
    const [taskId = ""] = server.enqueued;
    expect(await server.tasks.get(taskId)).toMatchObject({
      trigger: { instructions: "größer 😀" },
    });
  });
});

test.each([
  "/triage",
  "\uFEFF/triage",
  "Hello.\r/copilot triage",
  "Hello.\r\n\r\n  /copilot triage",
])("the first comment that a bot gets may hold a command: %j", async (text) => {
  const server = await startServer();
  const delivery = { event: "issue_comment", body: commented(text) };
  expect(await deliver(server.webhooks, delivery)).toEqual({ status: 202, body: QUEUED });
});

describe("what may have been meant as a command is written as that", () => {
  test.each([
    ["`/copilot triage`", "triage", "code"],
    ["**/copilot fix**", "fix", "emphasis"],
    ["> a\n/copilot triage", "triage", "quote"],
    ["- a\n/copilot stop 7c5c39ce", "stop", "list"],
    ["@copilot /copilot help", "help", "mention"],
    ["／ｃｏｐｉｌｏｔ　ｔｒｉａｇｅ", "triage", null],
    ["\u200F/copilot\u00A0triage.", "triage", null],
    ['<img src="a.png" />\n/copilot triage', "triage", null],
  ])("%j", async (text, command, misplaced) => {
    const server = await startServer();
    const delivery = { event: "issue_comment", body: commented(text) };
    expect(await deliver(server.webhooks, delivery)).toEqual({ status: 202, body: QUEUED });
    const [taskId = ""] = server.enqueued;
    expect(await server.tasks.get(taskId)).toMatchObject({ trigger: { name: command, misplaced } });
    // The same comment is answered once, however often its webhook comes.
    expect(await deliver(server.webhooks, { ...delivery, deliveryId: "delivery-2" })).toEqual(
      DUPLICATE,
    );
  });

  test.each([
    ["an email that quotes one", "Ok.\n\nOn Nov 23, 2026 10:00 a ***@***.***> wrote:\n/triage"],
    ["a <details> with one", "<details>\n\n/copilot triage\n\n</details>"],
    ["a list of commands", "- /copilot triage\n- /copilot fix"],
    ["a sentence", "Please /copilot triage this."],
  ])("but nothing of %s", async (_what, text) => {
    const server = await startServer();
    const answer = await deliver(server.webhooks, {
      event: "issue_comment",
      body: commented(text),
    });
    expect(answer.body).toEqual({ result: "ignored", reason: "no_command" });
    expect(server.rows()).toEqual([]);
  });
});

describe("one task is written", () => {
  test("for a delivery that is repeated", async () => {
    const server = await startServer();
    await deliver(server.webhooks);
    expect(await deliver(server.webhooks)).toEqual(DUPLICATE);
    expect(server.rows()).toHaveLength(1);
    expect(server.enqueued).toHaveLength(1);
  });

  test("for two deliveries of one event", async () => {
    const server = await startServer();
    const comment = { event: "issue_comment", body: commented("/triage") };
    await deliver(server.webhooks, comment);
    const twin = await deliver(server.webhooks, { ...comment, deliveryId: "delivery-2" });
    expect(twin).toEqual(DUPLICATE);
    expect(server.rows()).toHaveLength(1);
    expect(server.enqueued).toHaveLength(1);
  });

  test("for a label that is re-added before its task is settled", async () => {
    const server = await startServer();
    await deliver(server.webhooks);
    const body = labeled({ "issue.updated_at": "2019-05-15T16:00:00Z" });
    expect(await deliver(server.webhooks, { body, deliveryId: "delivery-2" })).toEqual(DUPLICATE);
    expect(server.rows()).toHaveLength(1);
  });

  test("for the same delivery ten times at once", async () => {
    const server = await startServer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(server.webhooks)));
    expect(
      answers.filter(({ body }) => typeof body === "object" && body !== null && "taskId" in body),
    ).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(server.rows()).toHaveLength(1);
    expect(server.enqueued).toHaveLength(1);
  });

  test("each, for comments that differ", async () => {
    const server = await startServer();
    for (const id of [1, 2, 3]) {
      const body = commented("/triage", { "comment.id": id });
      await deliver(server.webhooks, {
        event: "issue_comment",
        body,
        deliveryId: `delivery-${id}`,
      });
    }
    expect(server.rows()).toHaveLength(3);
  });
});

describe("a webhook that starts nothing is accepted, and no task is written", () => {
  test.each([
    ["another event", { event: "push", body: "{}" }, "other_event"],
    ["another event, by its name", { event: "star", body: labeled() }, "other_event"],
    [
      "a ping",
      { event: "ping", body: JSON.stringify({ zen: "Design for failure." }) },
      "other_event",
    ],
    ["another label", { body: labeled({ "label.name": "bug" }) }, "other_label"],
    ["a comment", { event: "issue_comment", body: commented("Hello!") }, "no_command"],
    ["a bot", { body: labeled({ "sender.type": "Bot" }) }, "bot"],
  ])("%s", async (_what, delivery, reason) => {
    const server = await startServer();
    const answer = await deliver(server.webhooks, delivery);
    expect(answer).toEqual({ status: 202, body: { result: "ignored", reason } });
    expect(server.rows()).toEqual([]);
    expect(server.enqueued).toEqual([]);
  });
});

describe("a webhook that cannot be stored is to be delivered again", () => {
  test("because the store refuses", async () => {
    const server = await startServer({
      insert: () => Promise.reject(new Error("SQLITE_FULL: /var/lib/bot/tasks.db")),
    });
    const answer = await deliver(server.webhooks);
    expect(answer).toEqual({
      status: 503,
      body: { error: "The bot can't store this event now. Redeliver it later." },
    });
    expect(server.enqueued).toEqual([]);
    expect(server.log.join("")).toContain("SQLITE_FULL");
  });

  test("and then it is no duplicate", async () => {
    let broken = true;
    const server = await startServer({
      insert: (tasks, trigger) =>
        broken ? Promise.reject(new Error("disk full")) : tasks.insert(trigger),
    });
    await deliver(server.webhooks);
    broken = false;
    expect(await deliver(server.webhooks)).toEqual({ status: 202, body: QUEUED });
    expect(server.rows()).toHaveLength(1);
  });
});

describe("a webhook with a mention", () => {
  const mentioned = { event: "issue_comment", body: commented("@copilot-task-bot triage") };

  test("of the bot starts a task", async () => {
    const server = await startServer();
    expect(await deliver(server.webhooks, mentioned)).toEqual({ status: 202, body: QUEUED });
    expect(server.rows()).toHaveLength(1);
  });

  test("is refused while the bot doesn't know its name, so that GitHub delivers it again", async () => {
    const server = await startServer({ slug: null });
    expect(await deliver(server.webhooks, mentioned)).toEqual({
      status: 503,
      body: { error: "The bot doesn't know its own name yet. Redeliver this event later." },
    });
    expect(server.rows()).toEqual([]);
  });
});
