import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import { isComplete } from "../runs.ts";
import { hasChromium, launchChromium } from "../../script/lib/chromium.ts";
import type { Task } from "../../src/core/task/task.ts";
import { permissionOf } from "../core/asking.ts";
import { FOLLOWED } from "../core/comment/session-examples.ts";
import type { Layer } from "../core/task.ts";
import { ADMITTED, answered, COMMANDED, denied, failed, taskWith } from "../core/task.ts";
import type { Shown } from "./browser.ts";
import { OCTOCAT } from "./github.ts";
import { MARKUP_ATTACKS } from "./markup-attacks.ts";
import { servePages } from "./pages/served.ts";
import { foreignIn } from "./pages/text.ts";
import { createTaskWorld, VAULT } from "./task-world.ts";

const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u;
const AT = "2026-11-21T12:14:00.000Z";

/** Tasks in which strangers have written this wherever they can, and where they can't. */
function tasksWith(text: string): readonly Task[] {
  const named: Layer = {
    requester: { login: text },
    decision: { kind: text, branch: text, commit: text },
    place: { owner: text, repository: text },
  };
  const asking = [
    permissionOf({ kind: "shell", fullCommandText: text, intention: text }),
    permissionOf({ kind: "url", url: text }),
    { type: "question", question: text, choices: [text, "No"], freeform: true },
  ] as const;
  const codes = ["a1b2", "c3d4", "e5f6"];
  const asked = asking.map((one, index) => ({ code: codes[index] ?? "", asking: one }));
  const progress = { said: text, pulls: [text], asking: asked };
  const waiting: Layer = {
    state: "waiting_for_user",
    session: { progress, link: { url: text, source: "session" } },
  };
  const outcomes = [
    failed("unknown", { detail: text }),
    denied("policy_wrong", text),
    answered(text),
  ];
  const layers: readonly (readonly Layer[])[] = [
    [FOLLOWED, named, waiting, { trigger: { name: text } }],
    [FOLLOWED, waiting, COMMANDED, named, { trigger: { name: text, instructions: text } }],
    ...outcomes.map(
      (outcome) => [ADMITTED, named, { state: "failed", settledAt: AT, outcome }] as const,
    ),
  ];
  return layers.map((all, index) => taskWith({ id: `task-${index}` }, ...all));
}

/** Which of the pages. */
const OWN: ReadonlySet<number> = new Set([4, 5]);

const made = new Map<string, ReturnType<typeof makePages>>();

/** What octocat is shown of such tasks: the list, and each task's page. */
function pagesWith(text: string): ReturnType<typeof makePages> {
  const pages = made.get(text) ?? makePages(text);
  made.set(text, pages);
  return pages;
}

async function makePages(text: string) {
  const tasks = tasksWith(text);
  const world = createTaskWorld(
    tasks,
    {},
    {
      audit: () => Promise.resolve([{ at: AT, step: "failed", reason: text }]),
      commands: () =>
        Promise.resolve([
          {
            id: "1",
            taskId: "task-0",
            type: "send",
            text,
            requester: text,
            createdAt: AT,
            takenAt: null,
            doneAt: null,
          },
        ]),
    },
  );
  world.github.readable.set(OCTOCAT.id, [{ ...VAULT, owner: text, name: text }]);
  const browser = world.open();
  await world.signIn(browser, { ...OCTOCAT, login: text });
  const paths = ["/", ...tasks.map(({ id }) => `/tasks/${id}`)];
  const query = new URLSearchParams({
    search: text,
    kind: text,
    requester: text,
    repository: text,
  });
  const shown = [];
  for (const path of [...paths, `/?${query.toString()}`]) shown.push(await browser.get(path));
  return shown;
}

test.each(MARKUP_ATTACKS)("what strangers write is text: %j", async (text) => {
  const shown = await pagesWith(text);
  expect(shown.map(({ status }) => status)).toEqual(shown.map(() => 200));
  for (const [index, { html, headers }] of shown.entries()) {
    expect(foreignIn(html)).toEqual([]);
    // A refusal and a reply are Markdown of the bot's own, which is written without these.
    if (!OWN.has(index)) expect(html.replaceAll(/<[^>]*>/gu, "")).not.toMatch(BIDI);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  }
});

describe.runIf(hasChromium && isComplete)("in Chromium, though no policy keeps scripts out", () => {
  test("nothing of what strangers write runs, or asks for anything", async () => {
    const pages: Shown[] = [];
    // The first task's page has most of it.
    for (const text of MARKUP_ATTACKS) pages.push(...(await pagesWith(text)).slice(1, 2));
    const routes = new Hono().get("/:index", (c) =>
      c.html(pages[Number(c.req.param("index"))]?.html ?? ""),
    );
    const [browser, served] = await Promise.all([launchChromium(), servePages(routes)]);
    onTestFinished(async () => {
      await browser.close();
      served.close();
    });
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    const happened: string[] = [];
    page.on("dialog", (dialog) => {
      happened.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("pageerror", ({ message }) => happened.push(message));
    const isElsewhere = ({ origin }: URL) => origin !== served.url;
    await page.route(isElsewhere, (route) => {
      happened.push(route.request().url());
      return route.abort();
    });
    for (const index of pages.keys()) {
      await page.goto(`${served.url}/${index}`);
      // What would run when somebody touches it, does so now.
      await page.evaluate(`for (const one of document.querySelectorAll("main *")) {
        for (const type of ["focus", "mouseover", "toggle"]) one.dispatchEvent(new Event(type));
      }`);
    }
    expect(happened).toEqual([]);
  });
});
