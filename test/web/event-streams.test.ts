import { describe, expect, test } from "vitest";
import { OCTOCAT, WRITER } from "./github.ts";
import { createGuardedWorld, HELLO } from "./guarded.ts";
import { watch } from "./watching.ts";
import { PUBLIC_URL } from "./world.ts";

/** Octocat, who's signed in, and watches `octo-org/hello`. */
async function watching(person = OCTOCAT) {
  const world = createGuardedWorld({ streamCheckMs: 5 });
  world.github.readable.set(OCTOCAT.id, [HELLO]);
  const browser = world.open();
  await world.signIn(browser, person);
  return { ...world, browser, watch: () => watch(world.app, "/events", browser) };
}

const EVENT = "event: hello\ndata: 1\n\n";

test("an event stream is one, and stays open", async () => {
  const { watch: open } = await watching();
  const { status, headers, read } = await open();
  expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(headers.has("connection")).toBe(false);
  expect(headers.get("cache-control")).toBe("no-store");
  // Something comes from time to time, so that nothing in between takes it for dead.
  expect(await read(":\n\n:\n\n:\n\n")).toBe(`${EVENT}:\n\n:\n\n:\n\n`);
});

describe("an event stream isn't opened", () => {
  test("for whoever isn't signed in", async () => {
    const { app, open } = createGuardedWorld();
    expect((await watch(app, "/events", open())).status).toBe(401);
  });

  test("by what somebody can't read, as if it weren't there", async () => {
    const { watch: open, browser } = await watching(WRITER);
    const { status, read } = await open();
    expect([status, await read()]).toEqual([404, (await browser.get("/none")).html]);
  });

  test("a twenty-first time in one session, until one is closed", async () => {
    const { watch: open } = await watching();
    const streams = await Promise.all(Array.from({ length: 20 }, open));
    await Promise.all(streams.map(({ read }) => read(EVENT)));
    expect((await open()).status).toBe(429);
    await streams[0]?.close();
    await expect.poll(async () => (await open()).status).toBe(200);
  });
});

describe("an event stream is refused, so that it keeps no place", () => {
  test.each([
    ["without a body", { method: "HEAD", accept: "text/event-stream" }],
    ["as a page, which has other room", { method: "GET", accept: "text/html, */*" }],
    ["by whoever accepts anything", { method: "GET", accept: "*/*" }],
  ])("%s", async (_name, { method, accept }) => {
    const { app, browser, watch: open } = await watching();
    const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
    for (let count = 1; count <= 20; count += 1) {
      const response = await app.request(`${PUBLIC_URL}/events`, {
        method,
        headers: { accept, cookie },
      });
      expect(response.status).toBe(406);
    }
    expect((await open()).status).toBe(200);
  });
});

describe("an event stream ends", () => {
  test("when its viewer can't read it anymore, within a minute", async () => {
    const { watch: open, github, clock } = await watching();
    const { read } = await open();
    await read(EVENT);
    github.readable.set(OCTOCAT.id, []);
    clock.now += 45_000;
    expect(await read()).toContain(EVENT);
  });

  test("when the person signs out, wherever that is", async () => {
    const { watch: open, sessions } = await watching();
    const { read } = await open();
    await read(EVENT);
    await sessions.endAllOf(OCTOCAT.id);
    expect(await read()).toContain(EVENT);
  });

  test("an hour after the last page: a stream that's open is no use of the session", async () => {
    const { watch: open, clock } = await watching();
    const { read } = await open();
    await read(EVENT);
    clock.now += 3_600_000;
    expect(await read()).toContain(EVENT);
  });

  test("when it fails, without showing why, and the log has it", async () => {
    const world = createGuardedWorld();
    const app = world.app.get(
      "/broken",
      world.parts.guards.signedInStream({
        mayWatch: () => Promise.resolve(true),
        run: () => Promise.reject(new Error("s3cret")),
      }),
    );
    const browser = world.open();
    await world.signIn(browser, OCTOCAT);
    const { read } = await watch(app, "/broken", browser);
    expect(await read()).toBe("");
    expect(world.log.join("")).toContain("s3cret");
  });
});
