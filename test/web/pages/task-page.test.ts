import { describe, expect, test } from "vitest";
import type { Asking } from "../../../src/core/task/asking.ts";
import { readCommand } from "../../../src/web/pages/task-command.ts";
import type { CommandResult } from "../../../src/web/pages/task-result.ts";
import { taskPage } from "../../../src/web/pages/task-page.ts";
import { permissionOf } from "../../core/asking.ts";
import { FOLLOWED } from "../../core/comment/session-examples.ts";
import type { Layer } from "../../core/task.ts";
import {
  ADMITTED,
  answered,
  COMMANDED,
  denied,
  failed,
  FROM_PAGE,
  taskWith,
} from "../../core/task.ts";
import { textOf } from "../browser.ts";
import { KEY, taskPageView, VIEWER } from "../site-world.ts";
import { elementsIn, foreignIn, partOf, readable } from "./text.ts";

const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u;

function page(layers: readonly Layer[], more: Parameters<typeof taskPageView>[1] = {}) {
  return taskPage(taskPageView(taskWith(...layers), more));
}

const asks = (asking: Asking): Layer => {
  return {
    state: "waiting_for_user",
    session: { progress: { asking: [{ code: "a1b2", asking }] } },
  };
};

const PUSH = permissionOf({ kind: "shell", fullCommandText: "git push", intention: "Push it" });

/** What strangers write. */
const ATTACK = `<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://evil.example/y.png) [z](https://evil.example/z) \u202Edesrever @octocat <a href="https://evil.example">a</a>`;

describe("others' texts", () => {
  test("in the agent's words are no HTML, and lead nowhere else", async () => {
    const said = `${ATTACK}\n\n> [!NOTE]\n> ${ATTACK}\n\n| a |\n| --- |\n| ${ATTACK} |`;
    const words = await partOf(page([FOLLOWED, { session: { progress: { said } } }]), "words");
    expect(words).toContain("alert(1)");
    expect(foreignIn(words)).toEqual([]);
    expect(elementsIn(words).filter(({ tag }) => tag === "a")).toEqual([]);
    expect(words).not.toMatch(BIDI);
  });

  test("in names are text, in an isolated piece", async () => {
    const login = "<b>\u202Edlrow";
    const html = String(
      await page([
        COMMANDED,
        { requester: { login }, decision: { kind: "\u2066<i>" }, place: { repository: "<u>" } },
      ]),
    );
    expect(html).toContain("<bdi>@&lt;b&gt; dlrow</bdi>");
    expect(html).not.toMatch(BIDI);
    expect(foreignIn(html)).toEqual([]);
  });

  test("in requests are shown whole, and what's invisible in them too", async () => {
    const asking = permissionOf({ kind: "shell", fullCommandText: `echo "${ATTACK}"\u200B` });
    const html = await partOf(page([FOLLOWED, asks(asking)]), "requests");
    expect(html).toContain("\\u{202E}desrever");
    expect(html).toContain("\\u{200B}");
    expect(foreignIn(html)).toEqual([]);
  });

  test("in failures and refusals are text", async () => {
    const detail = `HTTP 500: ${ATTACK}`;
    for (const outcome of [
      failed("unknown", { detail }),
      denied("policy_wrong", "See [it](https://evil.example/x) and `<script>`."),
      answered("[a](https://evil.example/x) <script>alert(1)</script>"),
    ]) {
      const html = String(await page([ADMITTED, { state: "failed", outcome }]));
      expect(foreignIn(html)).toEqual([]);
    }
  });

  test("that report pull requests of other repositories aren't linked", async () => {
    const pulls = ["https://evil.example/octo-org/hello/pull/8", "https://github.com/a/b/pull/9"];
    const html = await partOf(page([FOLLOWED, { session: { progress: { pulls } } }]), "pulls");
    expect(html).not.toContain("<a ");
    expect(html).toContain("evil.example");
  });

  test("that report where a session is don't decide where its link leads", async () => {
    const link = { url: "https://evil.example/session", source: "session" } as const;
    const html = String(await page([FOLLOWED, { session: { link } }]));
    expect(html).not.toContain("evil.example");
  });
});

async function actions(
  layers: readonly Layer[],
  more: Parameters<typeof page>[1] = {},
): Promise<string> {
  return (await partOf(page(layers, more), "actions")).replaceAll(/\s+/gu, " ");
}

describe("what isn't possible isn't offered, and the page says why", () => {
  test("of a session at work", async () => {
    const html = await actions([FOLLOWED]);
    expect(html).toContain('value="stop"');
    expect(html).not.toMatch(/value="(?:retry|resume)"/u);
    expect(html).toContain("Retry: The task isn&#39;t over yet.");
  });

  test("of a session that can't be reached", async () => {
    const left = { unfollowed: "unreachable", followUntil: null, canResume: false } as const;
    const html = await actions([FOLLOWED, { session: left }]);
    expect(html).not.toContain("<button");
    expect(html).toContain("The bot can&#39;t reach this session anymore.");
  });

  test("of a failed task", async () => {
    const layers = [ADMITTED, { state: "failed", outcome: failed("policy_blocked") }] as const;
    expect(await actions([...layers, { settledAt: "2026-11-21T12:01:00.000Z" }])).toContain(
      'value="retry"',
    );
    expect(await actions(layers)).not.toContain('value="retry"');
  });

  test("to whoever can only read", async () => {
    const viewer = { ...VIEWER, id: 1, role: "read" } as const;
    const html = String(await page([FOLLOWED, asks(PUSH)], { viewer }));
    expect(html).not.toContain('name="command"');
    expect(html).toContain("You need write access to this repository.");
  });

  test("to the requester, whose task they may stop whatever else they may", async () => {
    const html = await actions([FOLLOWED], { viewer: { ...VIEWER, role: "read" } });
    expect(html).toContain('value="stop"');
  });

  test("of a session that uses somebody else's Copilot", async () => {
    const layers = [FOLLOWED, asks(PUSH), { decision: { identity: "requester" } }] as const;
    const viewer = { ...VIEWER, id: 1, role: "admin" } as const;
    const html = String(await page(layers, { viewer }));
    expect(html.match(/name="command" value="\w+"/gu)).toEqual([
      'name="command" value="deny"',
      'name="command" value="stop"',
    ]);
    expect(html).toContain("only they can do this");
    const writers = String(await page(layers, { viewer: { ...viewer, steering: "writers" } }));
    expect(writers).toContain('name="command" value="approve"');
  });

  test("to whoever the policy leaves out, but for the requester's own stop", async () => {
    const denial = { reason: "denied_by_name" } as const;
    const viewer = { ...VIEWER, steering: "writers", denial } as const;
    const others = await actions([FOLLOWED], { viewer: { ...viewer, id: 1 } });
    expect(others).not.toContain("<button");
    expect(others).toContain("Stop: The policy doesn&#39;t let you do this.");
    expect(await actions([FOLLOWED], { viewer })).toContain('value="stop"');
  });

  test("to whoever has a lower role than the policy asks for", async () => {
    const viewer = { ...VIEWER, id: 1, steering: "writers", denial: null } as const;
    const least = { reason: "no_permission", least: "maintain" } as const;
    const html = await actions([FOLLOWED], { viewer: { ...viewer, denial: least } });
    expect(html).toContain("Stop: You need maintain access to this repository.");
    expect(await actions([FOLLOWED], { viewer: { ...viewer, role: "read" } })).toContain(
      'value="stop"',
    );
  });

  test("to whoever can't write, while the policy has errors; and nobody can retry", async () => {
    const denial = { reason: "policy_wrong", problems: "" } as const;
    const viewer = { ...VIEWER, id: 1, denial } as const;
    const triaging = { ...viewer, role: "triage" } as const;
    expect(await actions([FOLLOWED], { viewer })).toContain('value="stop"');
    const theirs = await actions([FOLLOWED], { viewer: triaging });
    expect(theirs).toContain("Stop: You need write access to this repository.");
    const outcome = failed("policy_blocked");
    const over = { state: "failed", settledAt: "2026-11-21T12:01:00.000Z", outcome } as const;
    expect(await actions([ADMITTED, over], { viewer })).toContain(
      "Retry: Nothing can start here until the repository&#39;s policy is fixed.",
    );
  });

  test("of a request that can't be shown whole", async () => {
    const asking = permissionOf({ kind: "shell", fullCommandText: `echo ${"x".repeat(30_000)}` });
    const html = await partOf(page([FOLLOWED, asks(asking)]), "requests");
    expect(html.match(/value="(?:approve|deny)"/gu)).toEqual(['value="deny"']);
    expect(html).toContain("too long to show");
  });

  test("of a request that's left to Mission Control", async () => {
    const layer = {
      state: "waiting_for_user",
      session: { progress: { asking: [{ code: "a1b2", asking: PUSH, elsewhere: true }] } },
    } as const;
    const html = await partOf(page([FOLLOWED, layer]), "requests");
    expect(html).not.toContain("<form");
    expect(html).toContain("in Mission Control");
  });
});

describe("a form", () => {
  const QUESTION: Asking = {
    type: "question",
    question: "Which?",
    choices: ["12:00", "<b>12 pm</b>"],
    freeform: true,
  };

  test("says which request it answers, and has the page's own token and key", async () => {
    const html = await partOf(page([FOLLOWED, asks(PUSH)]), "requests");
    expect(html).toContain(`name="form_token" value="${VIEWER.formToken}"`);
    expect(html).toContain(`name="key" value="${KEY}-a1b2"`);
    expect(html).toContain('name="request" value="a1b2"');
    expect(html).toContain(`action="/tasks/${taskWith().id}/commands"`);
  });

  const send = (fields: Readonly<Record<string, string>>, asking: Asking = QUESTION) =>
    readCommand((name) => fields[name] ?? "", [{ code: "a1b2", asking }]);
  const answer = { command: "approve", request: "a1b2", key: KEY };

  test("sends a choice as the agent wrote it", () => {
    expect(send({ ...answer, choice: "1", text: " " })).toEqual({
      ...answer,
      text: "<b>12 pm</b>",
    });
  });

  test("sends other words instead where there are any", () => {
    expect(send({ ...answer, choice: "1", text: "noon" }).text).toBe("noon");
  });

  test("sends no choice that isn't one, and none with a refusal", () => {
    expect(send({ ...answer, choice: "7" }).text).toBe("");
    expect(send({ ...answer, choice: "constructor" }).text).toBe("");
    expect(send({ ...answer, choice: "1" }, PUSH).text).toBe("");
    expect(send({ ...answer, command: "deny", choice: "1" }).text).toBe("");
  });
});

describe("what happened", () => {
  const AT = "2026-11-21T12:14:00.000Z";

  test("has who gave each command, and which were given on the page", async () => {
    const command = { type: "stop", requester: "ada", createdAt: AT } as const;
    const commands = [command, { ...command, place: null }, { ...command, place: "page" } as const];
    const html = await partOf(page([FOLLOWED], { commands }), "steps");
    expect([...textOf(html).matchAll(/^@ada.*$/gmu)].flat()).toEqual([
      "@ada asked to stop",
      "@ada asked to stop",
      "@ada (on the page) asked to stop",
    ]);
  });

  test("says whether the task itself was requested on a page", async () => {
    const steps = [{ step: "asked", reason: "page", at: AT }] as const;
    const layers = [COMMANDED, FROM_PAGE, { trigger: { name: "retry" } }] as const;
    const text = await readable(page(layers, { steps }));
    expect(text).toContain("with /copilot retry (on the page)");
    expect(text).toContain("Requested by @octocat (on the page)\n");
  });
});

async function textAfter(result: CommandResult): Promise<string> {
  return readable(page([FOLLOWED], { result }));
}

describe("what came of a button", () => {
  test("is on the page that comes after it", async () => {
    const denial = "You need write access to this repository.";
    const text = await textAfter({ outcome: { type: "denied", text: denial }, isRepeated: false });
    expect(text).toContain(`Nothing changed.\n${denial}`);
  });

  test("is said once for two that were the same", async () => {
    const text = await textAfter({ outcome: { type: "pending" }, isRepeated: true });
    expect(text).toContain("This was sent before, so it counts once.");
  });
});

/** The line about its session's time, of a page that is loaded then. */
async function shownAt(now: string, ...layers: readonly Layer[]) {
  const text = await readable(page([FOLLOWED, ...layers], { now: new Date(now) }));
  return /^(?:Running|Ran|Last seen).*$/mu.exec(text)?.[0];
}

describe("how long a session has run", () => {
  test("counts up to when the page is loaded while it's at work", async () => {
    const waiting = asks(PUSH);
    expect(await shownAt("2026-11-21T12:00:50.000Z")).toBe("Running for less than a minute.");
    expect(await shownAt("2026-11-21T12:20:03.000Z")).toBe("Running for 20 min.");
    expect(await shownAt("2026-11-21T13:20:03.000Z", waiting)).toBe("Running for 1 h 20 min.");
  });

  test("stays once it has ended, or the bot stopped following it", async () => {
    const later = "2026-11-21T15:00:00.000Z";
    expect(await shownAt(later, { state: "completed" })).toBe("Ran for 12 min.");
    expect(await shownAt(later, { session: { unfollowed: "time" } })).toMatch(
      /^Last seen after 12 min\. /u,
    );
  });
});

test("a task leads to its repository's page only where that's for its reader", async () => {
  const link = 'href="/repositories/octo-org/hello"';
  expect(String(await page([ADMITTED]))).toContain(link);
  const html = String(await page([ADMITTED], { isRepositoryLinked: false }));
  expect(html).not.toContain("/repositories/");
  expect(html).toContain("octo-org/hello");
});
