import { describe, expect, test } from "vitest";
import type { Person } from "../../src/core/identity/connection.ts";
import type { Browser } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import type { World } from "./world.ts";
import { createWorld, TASK_ID, WAITING } from "./world.ts";

const LINK = `/connect?task=${TASK_ID}`;
const TASK_PAGE = `/connect/task/${TASK_ID}`;

/** Opens the link of a comment, agrees on GitHub's page, and gives what's shown at the end. */
async function follow({ github }: World, browser: Browser, person: Person) {
  const { status, location } = await browser.get(LINK);
  expect(status).toBe(303);
  const back = await browser.get(github.agree(location ?? "", person));
  expect(back).toMatchObject({ status: 303, location: TASK_PAGE });
  return browser.get(TASK_PAGE);
}

/** The account that GitHub is asked to suggest. */
function neededIn({ location }: { readonly location: string | null }): string | null {
  return new URL(location ?? "").searchParams.get("login");
}

describe("the link in the comment of a task that waits", () => {
  test("leads straight to GitHub, and back to a page that says that the task continues", async () => {
    const world = createWorld();
    const browser = world.open();
    const { status, text, html } = await follow(world, browser, OCTOCAT);
    expect(status).toBe(200);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      Your task continues
      Your Copilot is connected, and your task in octo-org/hello#1 continues now. You can close this page.
      Go to octo-org/hello#1"
    `);
    expect(html).toContain('href="https://github.com/octo-org/hello/issues/1"');
    expect(world.continued).toEqual([OCTOCAT.id]);
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("says the same when the page is opened again", async () => {
    const world = createWorld();
    const browser = world.open();
    const { text } = await follow(world, browser, OCTOCAT);
    expect((await browser.get(TASK_PAGE)).text).toBe(text);
  });

  test("says that another account is needed, and stores nothing of this one", async () => {
    const world = createWorld();
    const { status, text, html } = await follow(world, world.open(), WRITER);
    expect(status).toBe(403);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      Another account is needed
      This task was requested by @octocat. You're signed in as @writer. Sign in to GitHub as @octocat, then open the link again.
      Sign in as @octocat"
    `);
    expect(html).not.toContain("octo-org");
    expect(world.stored.size).toBe(0);
    expect(world.continued).toEqual([]);
  });

  test("asks for the account that's needed when it's opened again after that", async () => {
    const world = createWorld();
    const browser = world.open();
    // Nobody learns from a link who requested the task.
    expect(neededIn(await browser.get(LINK))).toBeNull();
    await follow(world, browser, WRITER);
    expect(neededIn(await browser.get(LINK))).toBe("octocat");
    await follow(world, browser, OCTOCAT);
    world.tasks.set(TASK_ID, WAITING);
    expect(neededIn(await browser.get(LINK))).toBeNull();
  });

  test("ends the other account's new token, and leaves its connection alone", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, WRITER);
    const { tokens } = world.stored.get(WRITER.id) ?? {};
    await follow(world, browser, WRITER);
    expect(world.stored.get(WRITER.id)?.tokens).toBe(tokens);
    const access = [...world.github.live].filter((token) => token.startsWith("ghu_"));
    expect(access).toEqual([tokens?.token]);
  });

  test("compares ids: who has the requester's old login is somebody else", async () => {
    const world = createWorld();
    const { status } = await follow(world, world.open(), { id: 7, login: OCTOCAT.login });
    expect(status).toBe(403);
    expect(world.stored.size).toBe(0);
  });

  test("compares ids: who has a new login is still the requester", async () => {
    const world = createWorld();
    const { text } = await follow(world, world.open(), { id: OCTOCAT.id, login: "octocat-2" });
    expect(text).toContain("Your task continues");
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("connects all the same when the task was stopped meanwhile, and says so", async () => {
    const world = createWorld();
    const browser = world.open();
    const { location } = await browser.get(LINK);
    world.tasks.set(TASK_ID, { ...WAITING, isWaiting: false });
    const back = await browser.get(world.github.agree(location ?? "", OCTOCAT));
    const { status, text } = await browser.get(back.location ?? "");
    expect(status).toBe(200);
    expect(text).toMatchInlineSnapshot(`
      "Copilot task bot
      This task is no longer waiting
      Your task in octo-org/hello#1 isn't waiting for you to connect. Its comment says what happened.
      Go to octo-org/hello#1"
    `);
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("connects when the task was deleted meanwhile", async () => {
    const world = createWorld();
    const browser = world.open();
    const { location } = await browser.get(LINK);
    world.tasks.delete(TASK_ID);
    const back = await browser.get(world.github.agree(location ?? "", OCTOCAT));
    expect(back).toMatchObject({ status: 303, location: "/connect" });
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });
});

test.each([
  ["an id that no task has", "?task=00000000-0000-4000-8000-000000000000"],
  ["nothing", "?task="],
  ["two ids", `?task=${TASK_ID}&task=${TASK_ID}`],
  ["an address", "?task=https://evil.example"],
  ["what could be no id", `?task=${"a".repeat(65)}`],
])("a link with %s reveals nothing, and begins nothing", async (_what, query) => {
  const { open } = createWorld();
  const browser = open();
  const answer = await browser.get(`/connect${query}`);
  expect(answer).toMatchObject({ status: 303, location: "/connect" });
  expect(browser.cookies.size).toBe(0);
});

test("the link of a task that doesn't wait connects nobody, and leads where that of no task does", async () => {
  const world = createWorld();
  const browser = world.open();
  await world.connect(browser, OCTOCAT);
  await browser.get("/connect");
  await browser.submit("/connect/disconnect");
  world.tasks.set(TASK_ID, { ...WAITING, isWaiting: false });
  expect(await browser.get(LINK)).toMatchObject({ status: 303, location: "/connect" });
  expect((await browser.get("/connect")).text).toContain("Your Copilot isn't connected");
  expect(world.stored.size).toBe(0);
});

describe("a task's page", () => {
  test("asks whoever isn't signed in to sign in, whether there's such a task or not", async () => {
    const { open } = createWorld();
    const [known, unknown] = [await open().get(TASK_PAGE), await open().get("/connect/task/none")];
    expect(known.status).toBe(401);
    expect(known.text).toMatchInlineSnapshot(`
      "Copilot task bot
      Sign in to see this task
      Your sign-in has expired.
      Sign in with GitHub"
    `);
    expect(known.html).toContain(`href="${LINK}"`);
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  });

  test("says that a task is unknown", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    expect(await browser.get("/connect/task/none")).toMatchObject({ status: 404 });
    expect(await browser.get("/connect/task/%00")).toMatchObject({ status: 404 });
  });

  test("says nothing of somebody else's task that waits for nobody, as of one that isn't there", async () => {
    const world = createWorld();
    world.tasks.set(TASK_ID, { ...WAITING, isWaiting: false });
    const browser = world.open();
    await world.connect(browser, WRITER);
    const [theirs, none] = [await browser.get(TASK_PAGE), await browser.get("/connect/task/none")];
    expect([theirs.status, theirs.html]).toEqual([404, none.html]);
  });

  test("says that the task waits, once its requester has disconnected", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    world.tasks.set(TASK_ID, WAITING);
    expect((await browser.get(TASK_PAGE)).text).toContain("Your task continues");
    world.stored.clear();
    expect((await browser.get(TASK_PAGE)).text).toMatchInlineSnapshot(`
      "Copilot task bot
      This task is waiting for you
      Your task in octo-org/hello#1 starts when you connect your Copilot.
      Connect with GitHub"
    `);
  });
});
