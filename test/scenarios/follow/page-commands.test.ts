import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { connect } from "../../../sandbox/connecting.ts";
import { hello } from "../../../sandbox/github/seed.ts";
import type { PageCommands, Pressed, PressedButton } from "../../../src/ports/page-commands.ts";
import type { Place } from "../world.ts";
import { botComments, isNotice, steady, useWorld } from "../world.ts";
import { FOLLOWING, startStory } from "./followed.ts";

const world = useWorld({
  ...FOLLOWING,
  connecting: true,
  people: { ada: "write", tess: "triage" },
});

// Octocat's sessions are Octocat's own; Ada isn't connected.
beforeAll(() => connect("octocat", `${world.app.url}/connect`));

function pages(): PageCommands {
  const { pageCommands } = world.app;
  if (pageCommands === null) throw new TypeError("no pages");
  return pageCommands;
}

const account = z.object({ id: z.int(), login: z.string() });

/** Somebody who is signed in on the pages. */
async function personOf(login: string) {
  const headers = { authorization: `Bearer ${world.github.as(login).token}` };
  const answer = await fetch(`http://${world.github.host}/api/v3/user`, { headers });
  return account.parse(await answer.json());
}

async function helloId(): Promise<number> {
  const headers = { authorization: `Bearer ${world.github.as("octocat").token}` };
  const url = `http://${world.github.host}/api/v3/repos/${hello.owner}/${hello.repo}`;
  return z.object({ id: z.int() }).parse(await (await fetch(url, { headers })).json()).id;
}

/** The bot's own comments on tasks, without notices. */
async function commentsOn(issue: Place, condition?: (body: string) => boolean) {
  return (await botComments(world, issue, condition)).filter((body) => !isNotice(body));
}

async function taskOn(issue: Place, index = 0): Promise<string> {
  const comments = await commentsOn(issue);
  return /copilot-task:(?<id>[0-9a-f-]{36})/u.exec(comments[index] ?? "")?.groups?.["id"] ?? "";
}

/** Which request people see: the first one of the comment that says this. */
async function requestOn(issue: Place, words: string): Promise<string> {
  const [body = ""] = await commentsOn(issue, (one) => one.includes(words));
  return /\/copilot deny [0-9a-f]{8} (?<code>[0-9a-f]{4})/u.exec(body)?.groups?.["code"] ?? "";
}

/** Somebody presses a button of the page of an issue's first task, on a form of its own. */
async function press(login: string, issue: Place, button: Partial<PressedButton>) {
  const [taskId, person] = [await taskOn(issue), await personOf(login)];
  const form = { taskId, person, command: "", key: randomUUID(), ...button };
  return pages().press(form);
}

const PASSED_ON = { type: "given", isRepeated: false, outcome: { type: "passed_on" } };

/** How many comments and reactions there are in a thread, once it's known that its label was seen. */
async function shownIn({ owner, repo, number }: Place) {
  const thread = () => world.github.thread(owner, repo, number);
  await world.github.until(async () => (await thread()).reactions.length > 0);
  const { comments, reactions } = await thread();
  const onComments = comments.flatMap((comment) => comment.reactions);
  return { comments: comments.length, reactions: reactions.length + onComments.length };
}

/** A command that the bot has nothing left to do with; its id. */
async function settledCommand(pressed: Pressed): Promise<string> {
  if (pressed.type !== "given") throw new TypeError(pressed.type);
  const { commandId } = pressed;
  const isSettled = (line: string) => line.includes(commandId) && line.includes("task settled");
  await vi.waitUntil(() => world.log.some(isSettled), { timeout: 30_000 });
  return commandId;
}

function asks(requestId: string, fullCommandText: string) {
  const permissionRequest = { kind: "shell", toolCallId: `call-${requestId}`, fullCommandText };
  return { requestId, permissionRequest };
}

describe("people steer a session with the buttons of its task's page", () => {
  it("stop: the agent is stopped, and the comment says who did it, and where", async () => {
    const { issue, session, comment } = await startStory(world);
    const before = await shownIn(issue);
    expect(await press("ada", issue, { command: "stop" })).toMatchObject(PASSED_ON);
    expect(await comment("Copilot was stopped")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Ran for less than a minute · [Open session](https://github.com/copilot/tasks/UUID)

      Stopped by \`ada\` (on the page).

      <details><summary>Open on your phone</summary>

      [![QR code with the link to the session](https://BOT/qr/UUID/SECRET.png)](https://github.com/copilot/tasks/UUID)

      </details>

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Copilot of [octocat](https://GITHUB/octocat); GitHub may show the session only to them
      - Commands: \`/copilot send UUID8 …\` (for [octocat](https://GITHUB/octocat)), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(session.aborts).toBe(1);
    expect(await shownIn(issue)).toEqual(before);
  });

  it("send: the message reaches the session once, however often its form is sent", async () => {
    const { issue, session, comment } = await startStory(world);
    const key = randomUUID();
    const send = { command: "send", text: "And the tests?\r\nAll of them.", key };
    const pressed = await Promise.all([
      press("octocat", issue, send),
      press("octocat", issue, send),
      press("octocat", issue, send),
    ]);
    await press("octocat", issue, send);
    expect(pressed.map(({ type }) => type)).toEqual(["given", "given", "given"]);
    await comment("`octocat` (on the page) sent a message, and Copilot received it.");
    await press("octocat", issue, { command: "send", text: "Thank you." });
    await world.missionControl.until(() => session.prompts.includes("Thank you."), 30_000);
    expect(session.prompts.slice(1)).toEqual(["And the tests?\nAll of them.", "Thank you."]);
  });

  it("approve and deny: the request that the person saw is answered", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    emit("permission.requested", asks("r1", "git push origin fix"));
    const first = await requestOn(issue, "git push origin fix");
    const approve = { command: "approve", request: first };
    expect(await press("octocat", issue, approve)).toMatchObject(PASSED_ON);
    expect(await comment("approved Copilot's request.")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🔄 Copilot is working: triage

      **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

      \`octocat\` (on the page) approved Copilot's request.

      <details><summary>Open on your phone</summary>

      [![QR code with the link to the session](https://BOT/qr/UUID/SECRET.png)](https://github.com/copilot/tasks/UUID)

      </details>

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Copilot of [octocat](https://GITHUB/octocat); GitHub may show the session only to them
      - Commands: \`/copilot send UUID8 …\` (for [octocat](https://GITHUB/octocat)), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);

    emit("permission.requested", asks("r2", "rm -rf /"));
    const second = await requestOn(issue, "rm -rf /");
    expect(await press("octocat", issue, approve)).toMatchObject(PASSED_ON);
    expect(await comment("didn't name the request")).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ✋ Copilot needs your approval: triage

      > [!IMPORTANT]
      > Copilot wants to run this command:

      \`rm -rf /\`

      [octocat](https://GITHUB/octocat) can reply with **\`/copilot approve UUID8 CODE\`** or **\`/copilot deny UUID8 CODE\`**, or decide [in Mission Control](https://github.com/copilot/tasks/UUID). Anyone with write access can also deny.

      Started less than a minute ago · [Open session](https://github.com/copilot/tasks/UUID)

      The answer from \`octocat\` (on the page) wasn't used, because it didn't name the request that Copilot was waiting for.

      <details><summary>Open on your phone</summary>

      [![QR code with the link to the session](https://BOT/qr/UUID/SECRET.png)](https://github.com/copilot/tasks/UUID)

      </details>

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Copilot of [octocat](https://GITHUB/octocat); GitHub may show the session only to them
      - Commands: \`/copilot send UUID8 …\` (for [octocat](https://GITHUB/octocat)), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    await press("ada", issue, { command: "deny", request: second, text: "Use the trash." });
    await comment("`ada` (on the page) denied Copilot's request.");
    expect(session.permissionResponses.map(({ approved }) => approved)).toEqual([true, false]);
    const sent = world.missionControl.requests.map(({ body }) => JSON.stringify(body)).join("\n");
    expect(sent).not.toContain("Use the trash.");
  });

  it("approve: a question is answered with the person's words", async () => {
    const { issue, session, emit, comment } = await startStory(world);
    const question = { question: "Where?", choices: ["In src", "In lib"], allowFreeform: true };
    emit("user_input.requested", { requestId: "q1", ...question });
    const request = await requestOn(issue, "Copilot asks:");
    await press("octocat", issue, { command: "approve", request, text: "In lib" });
    await comment("`octocat` (on the page) answered Copilot's question: `In lib`.");
    expect(session.responses).toMatchObject([{ promptId: "q1", answer: "In lib" }]);
  });

  it.each(["status", "resume"])(
    "%s: the session is looked at, and the comment stays",
    async (command) => {
      const { issue, comment } = await startStory(world);
      expect(await press("octocat", issue, { command })).toMatchObject(PASSED_ON);
      expect(await comment("Copilot is working")).not.toContain("on the page");
    },
  );
});

describe("what a button can't do is said on the page alone", () => {
  it.each(["reader", "tess"])(
    "to somebody who can't write to the repository: %s",
    async (login) => {
      const { issue, session } = await startStory(world);
      const before = await shownIn(issue);
      const pressed = await press(login, issue, { command: "stop" });
      const text: unknown = expect.stringContaining("You need write access to this repository");
      expect(pressed).toMatchObject({ outcome: { type: "denied", reason: "no_permission", text } });
      const commandId = await settledCommand(pressed);
      const { id: personId } = await personOf(login);
      const own = { commandId, personId, repositoryId: await helloId() };
      expect(await pages().outcomeOf(own)).toMatchObject({ type: "denied" });
      expect(session.aborts).toBe(0);
      expect(await shownIn(issue)).toEqual(before);
    },
  );

  it("to somebody whose Copilot the session doesn't use, and about what makes no sense", async () => {
    const { issue, session } = await startStory(world);
    const before = await shownIn(issue);
    const id = (await taskOn(issue)).slice(0, 8);
    const textOf = async (login: string, button: Partial<PressedButton>) => {
      const pressed = await press(login, issue, button);
      await settledCommand(pressed);
      if (pressed.type !== "given" || pressed.outcome.type !== "not_done") return pressed;
      return pressed.outcome.text.replaceAll(id, "UUID8");
    };
    expect(await textOf("ada", { command: "send", text: "Push to main." })).toMatchInlineSnapshot(
      `"The session of task \`UUID8\` uses the Copilot of \`octocat\`, so only they can send it something, approve what it asks for, resume it, or share it. You can stop it (\`/copilot stop\`) or deny what it asks for (\`/copilot deny\`). Maintainers can change this: \`steering\` in \`.github/copilot-tasks.yml\`."`,
    );
    expect(await textOf("octocat", { command: "retry" })).toMatchInlineSnapshot(
      `"Task \`UUID8\` isn't over yet, so it can't be retried."`,
    );
    expect(session.prompts).toHaveLength(1);
    expect(await shownIn(issue)).toEqual(before);
  });
});

describe("a task that has no session", () => {
  it("is stopped while it waits for its requester to connect", async () => {
    const ada = world.github.as("ada");
    const issue = await ada.openIssue(hello, { title: "It crashes" });
    await ada.label(issue, "copilot:triage");
    await commentsOn(issue, (body) => body.includes("Connect your Copilot"));
    expect(await press("octocat", issue, { command: "stop" })).toMatchObject(PASSED_ON);
    const [comment = ""] = await commentsOn(issue, (body) => body.includes("was stopped"));
    expect(steady(comment, world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### ⏹️ Copilot was stopped: triage

      Stopped by \`octocat\` (on the page) before it started.

      No session was created, so nothing was charged. To try again, comment \`/copilot retry UUID8\`, or remove and re-add the label.

      <details><summary>Details</summary>

      - Requested by [ada](https://GITHUB/ada) with the label \`copilot:triage\`
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Copilot of [ada](https://GITHUB/ada)
      - Task \`UUID8\`

      </details>
      "
    `);
  });

  it("is started again by a retry, as a new one with a comment of its own", async () => {
    world.missionControl.behaveOnce({
      create: { status: 403, body: { message: "blocked by org policy" } },
    });
    const octocat = world.github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Again" });
    await octocat.comment(issue, "/copilot fix the cache");
    await commentsOn(issue, (body) => body.includes("policy_blocked"));
    const retry = { command: "retry", text: "with a test", key: randomUUID() };
    const [pressed] = await Promise.all([
      press("octocat", issue, retry),
      press("octocat", issue, retry),
    ]);
    const comments = await commentsOn(issue, (body) => body.includes("[Open session]"));
    expect(pressed).toMatchObject({
      outcome: { type: "retrying", taskId: await taskOn(issue, 1) },
    });
    expect(comments).toHaveLength(2);
    expect(steady(comments[1] ?? "", world)).toMatchInlineSnapshot(`
      "<!-- copilot-task:UUID -->
      ### 🔄 Copilot is working: fix

      **Running for less than a minute** · [Open session](https://github.com/copilot/tasks/UUID)

      <details><summary>Open on your phone</summary>

      [![QR code with the link to the session](https://BOT/qr/UUID/SECRET.png)](https://github.com/copilot/tasks/UUID)

      </details>

      <details><summary>Details</summary>

      - Requested by [octocat](https://GITHUB/octocat) with \`/copilot retry\` (on the page)
      - Repository \`octo-org/hello\`, branch \`main\`, commit [\`COMMIT7\`](https://GITHUB/octo-org/hello/commit/COMMIT)
      - Copilot of [octocat](https://GITHUB/octocat); GitHub may show the session only to them
      - Commands: \`/copilot send UUID8 …\` (for [octocat](https://GITHUB/octocat)), \`/copilot stop UUID8\`, \`/copilot status UUID8\`
      - Task \`UUID8\`

      </details>
      "
    `);
    expect(world.missionControl.tasks.at(-1)?.prompts[0]).toContain("the cache\n\nwith a test");
  });
});
