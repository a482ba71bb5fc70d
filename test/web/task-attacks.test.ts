import { describe, expect, test } from "vitest";
import { FOLLOWED } from "../core/comment/session-examples.ts";
import { permissionOf } from "../core/asking.ts";
import { taskWith } from "../core/task.ts";
import type { Browser } from "./browser.ts";
import { formHeaders } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import { createTaskWorld, VAULT } from "./task-world.ts";
import { watch } from "./watching.ts";
import { PUBLIC_URL } from "./world.ts";

const ASKED = permissionOf({ kind: "shell", fullCommandText: "git push" });
const TASK = taskWith(FOLLOWED, {
  state: "waiting_for_user",
  session: { progress: { asking: [{ code: "a1b2", asking: ASKED }] } },
});
const PAGE = `/tasks/${TASK.id}`;
const COMMANDS = `${PAGE}/commands`;

/** Octocat and the writer can read the task's repository; both are signed in. */
async function signedIn(changes: Parameters<typeof createTaskWorld>[1] = {}) {
  const world = createTaskWorld([TASK], changes);
  const { readable } = world.github;
  readable.set(OCTOCAT.id, [VAULT]).set(WRITER.id, [VAULT]);
  const [browser, other] = [world.open(), world.open()];
  await world.signIn(browser, OCTOCAT);
  await world.signIn(other, WRITER);
  return { ...world, browser, other };
}

function fieldsIn(html: string): Readonly<Record<string, string>> {
  const value = (name: string) =>
    new RegExp(`name="${name}" value="(?<value>[^"]+)"`, "u").exec(html)?.groups?.["value"] ?? "";
  return { form_token: value("form_token"), key: value("key") };
}

const BUTTONS = ["stop", "send", "approve", "deny", "retry", "resume", "share", "unshare"];
const fieldsOf = (command: string) => ({
  command,
  text: command === "send" ? "Hi" : "",
  request: command === "approve" || command === "deny" ? "a1b2" : "",
});

/** Sends the form of a button. */
const send = (
  browser: Browser,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) =>
  browser.send(COMMANDS, {
    method: "POST",
    headers: { ...formHeaders(PUBLIC_URL), ...headers },
    body: new URLSearchParams(fields).toString(),
  });

describe("cross-site request forgery", () => {
  test.each(BUTTONS)("no other site presses %s, whatever it knows", async (command) => {
    const { browser, other, pressed } = await signedIn();
    const own = fieldsIn((await browser.get(PAGE)).html);
    const others = fieldsIn((await other.get(PAGE)).html);
    const fields = { ...own, ...fieldsOf(command) };
    const { key = "" } = own;
    const tokenless = { key, ...fieldsOf(command) };
    const evil = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const attempts = [
      await send(browser, fields, evil),
      await send(browser, fields, { ...evil, "sec-fetch-site": "same-site" }),
      await send(browser, fields, { ...evil, origin: "null" }),
      await send(browser, tokenless),
      await send(browser, { ...fields, form_token: "" }),
      await send(browser, { ...fields, ...others }),
      await send(browser, fields, { "content-type": "text/plain" }),
      await browser.get(`${COMMANDS}?${new URLSearchParams(fields).toString()}`),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403, 404]);
    expect(pressed).toEqual([]);
    await send(browser, fields);
    expect(pressed).toMatchObject([{ ...fieldsOf(command), taskId: TASK.id, person: OCTOCAT }]);
  });

  test("whoever has somebody else's key presses for themselves", async () => {
    const { browser, other, pressed } = await signedIn();
    const { key = "" } = fieldsIn((await browser.get(PAGE)).html);
    const { form_token = "" } = fieldsIn((await other.get(PAGE)).html);
    await send(other, { form_token, key, ...fieldsOf("stop") });
    expect(pressed).toMatchObject([{ person: WRITER, key }]);
  });

  test("each form has a key of its own, and each page others", async () => {
    const { browser } = await signedIn();
    const keys = [await browser.get(PAGE), await browser.get(PAGE)].flatMap(({ html }) =>
      [...html.matchAll(/name="key" value="(?<key>[^"]+)"/gu)].map(({ groups }) => groups?.["key"]),
    );
    expect(keys.length).toBe(6);
    expect(new Set(keys).size).toBe(6);
  });
});

test("nothing of the pages stays in a cache", async () => {
  const { browser, open } = await signedIn();
  const visitor = open();
  const answers = {
    "signed out": await visitor.get("/"),
    "to sign in": await visitor.get(PAGE),
    list: await browser.get("/"),
    "empty list": await browser.get("/?search=nothing"),
    task: await browser.get(PAGE),
    "no task": await browser.get("/tasks/none"),
    "no page": await browser.get("/none"),
    "signed out's events": await visitor.get(`${PAGE}/events`),
    "no events": await browser.get("/tasks/none/events"),
    pressed: await browser.get(PAGE).then(() => browser.submit(COMMANDS, fieldsOf("stop"))),
    "not pressed": await visitor.send(COMMANDS, { method: "POST" }),
  };
  for (const [name, { headers }] of Object.entries(answers)) {
    expect([name, headers.get("cache-control"), headers.get("etag")]).toEqual([
      name,
      "no-store",
      null,
    ]);
  }
});

describe("an event stream", () => {
  const EVENT = "data: changed\n\n";

  test.each([`${PAGE}/events`, "/events"])(
    "%s says that something has changed, and not what",
    async (path) => {
      const world = await signedIn({ streamCheckMs: 100 });
      const { read } = await watch(world.app, path, world.browser);
      void world.tell(TASK);
      expect((await read(EVENT)).replaceAll(":\n\n", "")).toBe(EVENT);
    },
  );

  test("of a task ends when its viewer's rights do, and says nothing of it from then on", async () => {
    const world = await signedIn({ streamCheckMs: 200 });
    const { read } = await watch(world.app, `${PAGE}/events`, world.browser);
    // From then on, each change is reported at once.
    await world.tell(TASK);
    await read(EVENT);
    world.github.readable.set(OCTOCAT.id, []);
    // What GitHub said is remembered for so long: with the next check, that's less than a minute.
    world.clock.now += 45_000;
    void world.tell(TASK);
    expect((await read()).replaceAll(":\n\n", "")).toBe(EVENT);
  });

  test("of the list stays, and says nothing of the repository from then on", async () => {
    const other = taskWith({ id: "another-task", place: { repositoryId: 7 } });
    const world = await signedIn({ streamCheckMs: 200 });
    world.github.readable.set(OCTOCAT.id, [VAULT, { ...VAULT, id: 7, name: "other" }]);
    const { read } = await watch(world.app, "/events", world.browser);
    await read(":\n\n");
    world.github.readable.set(OCTOCAT.id, [{ ...VAULT, id: 7, name: "other" }]);
    world.clock.now += 45_000;
    const all = read();
    await world.tell(TASK);
    await world.tell(other);
    await world.sessions.endAllOf(OCTOCAT.id);
    expect((await all).replaceAll(":\n\n", "")).toBe(EVENT);
  });
});

describe("what somebody types", () => {
  const ENDLESS = [
    "a",
    "a/",
    "-",
    "a-",
    "#1",
    "%",
    "_",
    "\\",
    "/issues/1",
    "https://a/b/",
    "\u{1F600}",
  ];

  test.each(ENDLESS)(
    "is cut, and changes nothing of the question: %s, again and again",
    async (piece) => {
      const { browser, asked } = await signedIn();
      const typed = `${piece.repeat(3_000)}!`;
      for (const name of [
        "search",
        "state",
        "repository",
        "kind",
        "requester",
        "before",
        "after",
      ]) {
        const query = new URLSearchParams({ [name]: typed }).toString();
        expect([name, (await browser.get(`/?${query}`)).status]).toEqual([name, 200]);
      }
      const lengths = asked.flatMap(({ filter }) =>
        Object.values(filter).map((value) => String(value).length),
      );
      expect(Math.max(...lengths)).toBeLessThanOrEqual(200);
      expect(asked.every(({ readable }) => readable.every(({ id }) => id === VAULT.id))).toBe(true);
    },
  );
});
