import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../sandbox/connecting.ts";
import { organization } from "../../../sandbox/github/seed.ts";
import type { RecordedTask } from "../../../sandbox/mission-control/task.ts";
import { hasChromium, launchChromium } from "../../../script/lib/chromium.ts";
import { scan } from "../../web/scanner.ts";
import { FOLLOWING } from "../follow/followed.ts";
import { botComments, canAttach, isNotice, useWorld } from "../world.ts";
import type { Person } from "./person.ts";
import { buttonsOn, press, signInAs, textOn } from "./person.ts";

/** Nobody but its people can read it. */
const vault = { owner: organization, repo: "vault" };
const PEOPLE = ["writer", "ada", "reader", "stranger"] as const;
const MODES = ["scripted", "plain"] as const;

const PASSED_ON = "It's on its way to the session. The status shows what comes of it.";
const NOT_THEIRS = "The session uses the Copilot of @writer, so only they can do this.";

interface Story {
  readonly task: string;
  readonly session: RecordedTask;
}

/** The writer's sessions use the writer's own Copilot; Ada can write, too. The other two can't. */
describe.skipIf(!hasChromium)("in Chromium, with and without JavaScript", () => {
  const world = useWorld({
    ...FOLLOWING,
    // What's idle for long is let go, and reached again where the runtime can.
    timeouts: { ...FOLLOWING.timeouts, idleMs: canAttach ? 1_000 : 600_000, pageAnswerMs: 30_000 },
    connecting: true,
    people: { ada: "write" },
    repositories: [{ name: vault.repo, private: true }],
  });
  let browser: Browser;
  const people = new Map<string, Person>();
  let story: Story;

  /** The writer asks for a task; gives its id, once its comment says this. */
  async function ask(words: string): Promise<string> {
    const author = world.github.as("writer");
    const issue = await author.openIssue(vault, { title: "It crashes", body: "At midnight." });
    await author.label(issue, "copilot:triage");
    const comments = await botComments(world, issue, (body) => body.includes(words));
    const own = comments.find((body) => !isNotice(body)) ?? "";
    return /copilot-task:(?<id>[0-9a-f-]{36})/u.exec(own)?.groups?.["id"] ?? "";
  }

  async function start(): Promise<Story> {
    const before = world.missionControl.tasks.length;
    const task = await ask("[Open session]");
    const session = world.missionControl.tasks[before];
    if (session === undefined) throw new TypeError("no session");
    return { task, session };
  }

  async function open(login: string, mode: (typeof MODES)[number], path: string): Promise<Page> {
    const page = people.get(login)?.[mode];
    if (page === undefined) throw new TypeError(`${login} isn't signed in`);
    await page.goto(`${world.app.url}${path}`);
    return page;
  }
  const openTask = (login: string, mode: (typeof MODES)[number], { task } = story) =>
    open(login, mode, `/tasks/${task}`);

  /** Opens a task again until it shows these buttons: what the session does takes its time. */
  async function openWith(login: string, mode: (typeof MODES)[number], name: string, of = story) {
    const page = await openTask(login, mode, of);
    const button = page.getByRole("button", { name, exact: true });
    await expect
      .poll(async () => {
        if ((await button.count()) === 0) await page.reload();
        return button.count();
      })
      .toBe(1);
    return page;
  }

  function emit({ session }: Story, type: string, data: Readonly<Record<string, unknown>>): void {
    world.missionControl.emit(session.id, type, data);
  }
  function request(requestId: string, fullCommandText: string): void {
    const permissionRequest = { kind: "shell", toolCallId: `call-${requestId}`, fullCommandText };
    emit(story, "permission.requested", { requestId, permissionRequest });
  }

  function question(of: Story, words: string): void {
    const choices = ["In src", "In lib"];
    const asked = { requestId: "q1", question: words, choices, allowFreeform: true };
    emit(of, "user_input.requested", asked);
  }

  beforeAll(async () => {
    await connect("writer", `${world.app.url}/connect`);
    browser = await launchChromium();
    for (const login of PEOPLE) people.set(login, await signInAs(world, browser, login));
  });
  afterAll(() => browser.close());

  describe.each(MODES)("%s", (mode) => {
    beforeAll(async () => {
      story = await start();
    });

    it("the start page says what the bot is, to whoever isn't signed in", async () => {
      const context = await browser.newContext({ javaScriptEnabled: mode === "scripted" });
      const page = await context.newPage();
      await page.goto(`${world.app.url}/`);
      const text = await textOn(page);
      expect(text).toContain("This bot starts Copilot cloud sessions");
      expect(text).not.toContain(vault.repo);
      await page.goto(`${world.app.url}/tasks/${story.task}`);
      expect(new URL(page.url()).host).toBe(world.github.host);
      await context.close();
    });

    it("the start page has the tasks that somebody can read", async () => {
      for (const login of PEOPLE) {
        const text = await textOn(await open(login, mode, "/"));
        expect([login, text.includes(`${vault.owner}/${vault.repo}#`)]).toEqual([
          login,
          login !== "stranger",
        ]);
      }
    });

    it("a task's page has the buttons that would work, and says why not the others", async () => {
      const requester = await openTask("writer", mode);
      expect(await buttonsOn(requester)).toEqual(["Send", "Stop"]);
      const other = await openTask("ada", mode);
      expect(await buttonsOn(other)).toEqual(["Stop"]);
      expect(await textOn(other)).toContain(`Send a message: ${NOT_THEIRS}`);
      const reader = await openTask("reader", mode);
      expect(await buttonsOn(reader)).toEqual([]);
      expect(await textOn(reader)).toContain("Stop: You need write access to this repository.");
      const stranger = await openTask("stranger", mode);
      expect(await buttonsOn(stranger)).toEqual([]);
      expect(await textOn(stranger)).not.toContain("triage");
    });

    it("approve and deny: the request is answered, by whoever may", async () => {
      const { permissionResponses } = story.session;
      const before = permissionResponses.length;
      request(`a-${mode}`, `git push origin ${mode}`);
      const requester = await openWith("writer", mode, "Approve");
      expect(await buttonsOn(requester)).toEqual(["Approve", "Deny", "Send", "Stop"]);
      const other = await openTask("ada", mode);
      expect(await buttonsOn(other)).toEqual(["Deny", "Stop"]);
      expect(await textOn(other)).toContain(`You can't approve this. ${NOT_THEIRS}`);
      const reader = await openTask("reader", mode);
      expect(await textOn(reader)).toContain(`git push origin ${mode}`);
      expect(await buttonsOn(reader)).toEqual([]);
      expect(await press(requester, "Approve")).toBe(PASSED_ON);
      await world.missionControl.until(() => permissionResponses.length > before, 30_000);

      request(`d-${mode}`, `rm -rf ${mode}`);
      // The request before this one may be shown for a moment.
      const denying = await openTask("ada", mode);
      await expect
        .poll(async () => {
          await denying.reload();
          const isShown = (await textOn(denying)).includes(`rm -rf ${mode}`);
          return isShown ? buttonsOn(denying) : null;
        })
        .toEqual(["Deny", "Stop"]);
      expect(await press(denying, "Deny")).toBe(PASSED_ON);
      await world.missionControl.until(() => permissionResponses.length > before + 1, 30_000);
      expect(permissionResponses.slice(before).map(({ approved }) => approved)).toEqual([
        true,
        false,
      ]);
    });

    it("send: the session gets the message", async () => {
      const page = await openTask("writer", mode);
      await page.getByLabel("Message to Copilot").fill(`And the tests? (${mode})`);
      expect(await press(page, "Send")).toBe(PASSED_ON);
      const { prompts } = story.session;
      await world.missionControl.until(() => prompts.includes(`And the tests? (${mode})`), 30_000);
    });

    it("answer: a question is answered by whoever owns the session", async () => {
      const other = await start();
      question(other, "Where?");
      const page = await openWith("writer", mode, "Answer", other);
      expect(await buttonsOn(await openTask("ada", mode, other))).toEqual(["Decline", "Stop"]);
      await page.getByLabel("In lib", { exact: true }).check();
      expect(await press(page, "Answer")).toBe(PASSED_ON);
      const { responses } = other.session;
      await world.missionControl.until(() => responses.length > 0, 30_000);
      expect(responses).toMatchObject([{ promptId: "q1", answer: "In lib" }]);
    });

    it("decline: a question isn't answered", async () => {
      const other = await start();
      question(other, "Why not?");
      const page = await openWith("ada", mode, "Decline", other);
      expect(await press(page, "Decline")).toBe(PASSED_ON);
      const { responses } = other.session;
      await world.missionControl.until(() => responses.length > 0, 30_000);
      expect(responses).toMatchObject([{ answer: "The user declined to answer." }]);
    });

    it("retry: a failed task is tried again as a new one", async () => {
      const body = { message: "blocked by org policy" };
      world.missionControl.behaveOnce({ create: { status: 403, body } });
      const failed = { ...story, task: await ask("policy_blocked") };
      expect(await buttonsOn(await openTask("reader", mode, failed))).toEqual([]);
      const login = mode === "scripted" ? "writer" : "ada";
      const page = await openWith(login, mode, "Retry", failed);
      expect(await buttonsOn(page)).toEqual(["Retry"]);
      expect(await press(page, "Retry")).toBe("The task is retried as a new task.");
      await page.getByRole("link", { name: "a new task" }).click();
      await page.getByRole("heading", { level: 1, name: /triage/u }).waitFor();
      expect(await textOn(page)).toContain(`Requested by @${login} with /copilot retry`);
    });

    it("stop and follow again: the agent stops, and the session can be followed again", async () => {
      const other = await start();
      const page = await openWith("ada", mode, "Stop", other);
      expect(await press(page, "Stop")).toBe(PASSED_ON);
      await world.missionControl.until(() => other.session.aborts === 1, 30_000);
      await openTask("ada", mode, other);
      expect(await textOn(page)).toContain("@ada (on the page) asked to stop");
      if (!canAttach) return;
      emit(other, "session.idle", {});
      // Offered when the bot has settled the task, a moment after the session can be followed again.
      const own = await openWith("writer", mode, "Retry", other);
      expect(await buttonsOn(own)).toEqual(["Send", "Follow again", "Retry"]);
      expect(await buttonsOn(await openTask("ada", mode, other))).toEqual(["Retry"]);
      expect(await press(own, "Follow again")).toBe(PASSED_ON);
      await openTask("writer", mode, other);
      const step = "@writer (on the page) had the bot follow the session again";
      expect(await textOn(own)).toContain(step);
    });
  });

  it("a command that somebody gives reaches a page that somebody else has open", async () => {
    story = await start();
    const page = await openTask("reader", "scripted");
    const step = page.getByText("@ada (on the page) asked to stop");
    const shown = step.evaluate("Date.now()");
    expect(await press(await openTask("ada", "plain"), "Stop")).toBe(PASSED_ON);
    const shownAt = Number(await shown);
    const given = page.locator("#steps li").filter({ has: step }).locator("time");
    const givenAt = Date.parse((await given.getAttribute("datetime")) ?? "");
    expect(shownAt).toBeGreaterThan(givenAt);
  });

  it.each(["light", "dark"] as const)(
    "the code on a task's page leads to its session, %s",
    async (colorScheme) => {
      const page = await openTask("writer", "scripted");
      await page.emulateMedia({ colorScheme });
      const shot = await page.screenshot({ fullPage: true });
      const link = page.getByRole("link", { name: "Open session" });
      expect(await scan(shot)).toEqual([await link.getAttribute("href")]);
    },
  );
});
