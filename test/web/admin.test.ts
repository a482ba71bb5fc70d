import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Person } from "../../src/core/identity/connection.ts";
import type { Administration } from "../../src/ports/administration.ts";
import { ViewingTrouble } from "../../src/ports/viewing.ts";
import type { PagesOptions } from "../../src/web/options.ts";
import type { Browser } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import { healthOf, OVERVIEW } from "./report-world.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The pages of a bot that octocat administers; octocat is signed in. */
async function administered(person = OCTOCAT, more: Partial<PagesOptions> = {}) {
  const admins = new Set([OCTOCAT.id]);
  const asked: number[] = [];
  const listeners = new Set<() => void>();
  const administration: Administration = {
    isAdministrator({ id }: Person) {
      asked.push(id);
      return Promise.resolve(admins.has(id));
    },
    health: () =>
      Promise.resolve(healthOf([{ level: "ok", what: "App", found: "There.", cure: null }])),
    onHealthCheck(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    runtimes: () => ({
      version: "1.0.80",
      state: "ready",
      cloudSessions: true,
      processes: [{ processId: 4_711, sessions: 2, memoryBytes: 212 * 1024 * 1024 }],
      waiting: 0,
      replica: "bot-2",
    }),
    machines: () =>
      Promise.resolve([
        {
          name: "builder",
          labels: [],
          places: 2,
          taken: 1,
          isThere: true,
          hasOtherVersion: false,
          sinceMs: MINUTE_MS,
        },
      ]),
  };
  const base = createWorld();
  const lists = { ...base.options.lists, overview: () => Promise.resolve(OVERVIEW) };
  const world = createWorld({ administration, lists, streamCheckMs: 5, ...more });
  const browser = world.open();
  await world.signIn(browser, person);
  const health = () => {
    for (const listener of listeners) listener();
  };
  return { ...world, browser, admins, asked, administration, health, listeners };
}

const MENU = `<a href="/admin"`;

/** The headers that don't say where somebody is sent. */
function steady(headers: Headers): readonly string[][] {
  return [...headers].filter(([name]) => name !== "location");
}

describe("the administration", () => {
  test("is shown to whoever administers the bot", async () => {
    const { browser } = await administered();
    const { status, text, headers } = await browser.get("/admin");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    for (const words of [
      "Health check",
      "No problems found.",
      "The bot has nothing to do.",
      "Version 1.0.80: ready.",
      "These are the runtimes of the replica bot-2",
      "212 MiB",
      "builder None 1 of 2 Connected since Nov 30, 2026, 5:59 AM UTC",
    ]) {
      expect(text).toContain(words);
    }
  });

  test("isn't there for anybody else: the answer is that to any path without a page", async () => {
    const { browser } = await administered(WRITER);
    const [admin, none] = [await browser.get("/admin"), await browser.get("/nothing")];
    expect(admin.status).toBe(404);
    expect(admin).toEqual(none);
    expect([...admin.headers]).toEqual([...none.headers]);
    const headers = { accept: "text/event-stream" };
    const stream = await browser.send("/admin/events", { headers });
    const noStream = await browser.send("/nothing/events", { headers });
    expect([stream.status, stream.html]).toEqual([404, noStream.html]);
    expect([...stream.headers]).toEqual([...noStream.headers]);
  });

  test("at an unknown path, whoever is signed in sees what everybody sees", async () => {
    const { browser, open } = await administered();
    const [signedIn, stranger] = [await browser.get("/nothing"), await open().get("/nothing")];
    expect(signedIn).toMatchObject({ status: 404, html: stranger.html });
    expect(signedIn.html).toContain('<a class="button" href="/">Go to the start page</a>');
    expect([...signedIn.headers]).toEqual([...stranger.headers]);
  });

  test("is behind a sign-in, as every page of whoever is signed in, and whether or not it's there", async () => {
    const { open } = await administered();
    const [admin, task] = [await open().get("/admin"), await open().get("/tasks/none")];
    expect([admin.status, admin.html]).toEqual([303, task.html]);
    expect(admin.location).toBe("/sign-in?return_to=%2Fadmin");
    expect(steady(admin.headers)).toEqual(steady(task.headers));
    expect((await open().get("/admin/events")).status).toBe(401);
  });

  test("asks a minute later whether somebody still may see it", async () => {
    const { browser, admins, asked, clock } = await administered();
    await browser.get("/admin");
    admins.clear();
    clock.now += MINUTE_MS - 1;
    expect((await browser.get("/admin")).status).toBe(200);
    expect(asked).toEqual([OCTOCAT.id]);
    clock.now += 1;
    expect((await browser.get("/admin")).status).toBe(404);
    expect(asked).toEqual([OCTOCAT.id, OCTOCAT.id]);
  });

  test("isn't shown when GitHub doesn't say whether somebody may see it; the next one asks again", async () => {
    const { browser, administration } = await administered();
    const trouble = new ViewingTrouble("unreachable", "timed out");
    const spy = vi.spyOn(administration, "isAdministrator").mockRejectedValueOnce(trouble);
    const { status, text } = await browser.get("/admin");
    expect([status, text]).toEqual([503, expect.stringContaining("GitHub didn't respond")]);
    expect(spy).toHaveBeenCalledOnce();
    expect((await browser.get("/admin")).status).toBe(200);
  });
});

describe("the link to it", () => {
  test.each(["/", "/connect", "/admin"])("is on %s for administrators", async (path) => {
    const { browser } = await administered();
    expect((await browser.get(path)).html).toContain(MENU);
  });

  test.each(["/", "/connect"])("isn't on %s for anybody else", async (path) => {
    const { browser } = await administered(WRITER);
    const { status, html } = await browser.get(path);
    expect(status).toBe(200);
    expect(html).not.toContain(MENU);
  });

  test("costs a question an hour, and is missing when that isn't answered", async () => {
    const { browser, administration, asked, clock } = await administered();
    vi.spyOn(administration, "isAdministrator").mockRejectedValueOnce(
      new ViewingTrouble("unreachable", "timed out"),
    );
    const { status, html } = await browser.get("/connect");
    expect([status, html.includes(MENU)]).toEqual([200, false]);
    await browser.get("/connect");
    // Sign-ins end after an hour without use.
    clock.now += HOUR_MS / 2;
    await browser.get("/connect");
    clock.now += HOUR_MS / 2 - 1;
    expect((await browser.get("/connect")).html).toContain(MENU);
    expect(asked).toEqual([OCTOCAT.id]);
    clock.now += 1;
    await browser.get("/connect");
    expect(asked).toEqual([OCTOCAT.id, OCTOCAT.id]);
  });
});

/** Opens the stream that has the page updated. */
async function watch({ app, browser }: { app: PageApp; browser: Browser }) {
  const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
  const headers = { accept: "text/event-stream", cookie };
  const response = await app.request(`${PUBLIC_URL}/admin/events`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());
  let text = "";
  async function read(until?: string): Promise<string> {
    if (until !== undefined && text.includes(until)) return text;
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    text += value ?? "";
    return done ? text : read(until);
  }
  return { status: response.status, read };
}
type PageApp = ReturnType<typeof createWorld>["app"];

describe("the stream that has it updated", () => {
  test("reports a new health check", async () => {
    const world = await administered();
    const { status, read } = await watch(world);
    expect(status).toBe(200);
    await read(":\n\n");
    world.health();
    expect(await read("changed")).toContain("data: changed\n\n");
  });

  test("reports a change of any task", async () => {
    let count = 0;
    const lists = {
      ...createWorld().options.lists,
      changes() {
        count += 1;
        const changed = count > 1 ? [{ id: "7c5c39ce", repositoryId: 1 }] : [];
        return Promise.resolve({ changed, cursor: String(count), isComplete: true });
      },
    };
    const { read } = await watch(await administered(OCTOCAT, { lists }));
    expect(await read("changed")).toContain("data: changed\n\n");
  });

  test("ends within a minute after somebody doesn't administer the bot anymore", async () => {
    const world = await administered();
    const { read } = await watch(world);
    await read(":\n\n");
    world.admins.clear();
    world.clock.now += 45_000;
    await read();
    expect(world.listeners.size).toBe(0);
  });

  test("ends when GitHub doesn't say that anymore, and when somebody signs out", async () => {
    const world = await administered();
    const { read } = await watch(world);
    await read(":\n\n");
    vi.spyOn(world.administration, "isAdministrator").mockRejectedValue(
      new ViewingTrouble("unreachable", "timed out"),
    );
    world.clock.now += 45_000;
    await read();
    vi.restoreAllMocks();
    const other = await watch(world);
    await other.read(":\n\n");
    await world.sessions.endAllOf(OCTOCAT.id);
    await other.read();
  });
});
