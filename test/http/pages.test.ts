import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createPagesListener } from "../../src/web/listener.ts";
import { ACCEPTED } from "../web/browser.ts";
import { createWorld } from "../web/world.ts";
import { ask, deliver, stall } from "./client.ts";
import { startServer } from "./started.ts";

type Settings = Parameters<typeof startServer>[0];

/** The bot's server, with the pages. */
async function startWithPages(settings: Settings = {}) {
  const world = createWorld();
  const server = await startServer({ pages: createPagesListener(world.options), ...settings });
  return { world, server };
}

const FORM = {
  "content-type": "application/x-www-form-urlencoded",
  "sec-fetch-site": "same-origin",
};

test("the server's own paths stay what they are, but for the start page", async () => {
  const { server } = await startWithPages();
  expect(await ask(`${server.url}/healthz`)).toMatchObject({ status: 200, body: { alive: true } });
  expect(await deliver(server.webhooks)).toMatchObject({ status: 202 });
  expect(await ask(server.webhooks)).toMatchObject({ status: 405, allow: "POST" });
});

test("the start page is a page, with which a load balancer can check the bot", async () => {
  const { server } = await startWithPages();
  const page = await fetch(`${server.url}/`);
  expect([page.status, page.headers.get("set-cookie")]).toEqual([200, null]);
  expect(await page.text()).toContain("Sign in with GitHub");
});

test("every other path is a page", async () => {
  const { server } = await startWithPages();
  const page = await fetch(`${server.url}/connect`);
  expect([page.status, page.headers.get("content-type")]).toEqual([
    200,
    "text/html; charset=UTF-8",
  ]);
  expect(page.headers.get("set-cookie")).toMatch(/^__Host-session=/u);
  expect(await page.text()).toContain("Connect your Copilot");
});

test("a path without a page is a page for browsers, and JSON for others", async () => {
  const { server } = await startWithPages();
  const none = `${server.url}/api/github/webhooks/`;
  const page = await fetch(none, { headers: { accept: ACCEPTED } });
  expect([page.status, page.headers.get("vary")]).toEqual([404, "Accept"]);
  expect(await page.text()).toContain("Page not found");
  const json = { status: 404, body: { error: "Nothing is here." } };
  expect(await ask(none)).toMatchObject(json);
  const foreign = { status: 403, body: { error: "Only forms of the bot's own pages count." } };
  expect(await ask(none, "POST")).toMatchObject(foreign);
});

test.each(["OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"])(
  "no page answers %s, and the log has nothing of it",
  async (method) => {
    const { world, server } = await startWithPages();
    const json = { status: 404, body: { error: "Nothing is here." } };
    for (const path of ["/", "/connect", "/tasks/1", "/nothing"]) {
      expect(await ask(`${server.url}${path}`, method)).toMatchObject(json);
    }
    expect(world.log).toEqual([]);
  },
);

const failing = () => Promise.reject(new Error("ENOENT /var"));

test("pages that fail are an error without details", async () => {
  const { server } = await startWithPages({ pages: failing });
  const body = { error: "The bot couldn't handle this request." };
  expect(await ask(`${server.url}/connect`)).toEqual({ status: 500, body, allow: null });
  expect(server.log.join("")).toContain("ENOENT /var");
});

test("Node's own Request and Response stay as they are", async () => {
  const before = [globalThis.Request, globalThis.Response];
  await startWithPages();
  expect([globalThis.Request, globalThis.Response]).toEqual(before);
});

describe("a form", () => {
  test("of more than 48 KB is refused before it's read", async () => {
    const { world, server } = await startWithPages();
    const body = "a".repeat(49_153);
    const { status } = await fetch(`${server.url}/connect/token`, {
      method: "POST",
      headers: FORM,
      body,
    });
    expect(status).toBe(413);
    expect(world.log).toEqual([]);
  });

  test("that doesn't say how long it is, is refused", async () => {
    const { server } = await startWithPages();
    const outgoing = request(`${server.url}/connect/token`, { method: "POST", headers: FORM });
    outgoing.write("a");
    const [{ statusCode }] = await once(outgoing, "response");
    expect(statusCode).toBe(411);
    outgoing.destroy();
  });

  test("without a body and a length is refused, and the log has nothing of it", async () => {
    const { world, server } = await startWithPages();
    const { host } = new URL(server.url);
    const begin = `POST /connect/token HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n\r\n`;
    expect(await stall(server.url, begin)).toMatch(/^HTTP\/1\.1 411 /u);
    expect(world.log).toEqual([]);
  });

  test("that never ends is cut off, like every request", async () => {
    const { server, begin } = await startReading({ requestTimeoutMs: 200 });
    expect(await stall(server.url, begin)).toMatch(/^HTTP\/1\.1 408 /u);
  });

  test("that breaks off is no error of the bot", async () => {
    const { world, server, begin, reading, written } = await startReading();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname, () => socket.write(begin));
    await reading;
    socket.destroy();
    await written;
    expect([...world.log, ...server.log]).toEqual([]);
  });

  test("that nobody finishes makes room for others, and is answered once", async () => {
    const { world, server, begin, reading } = await startReading({ maxConnections: 1 });
    const refused = stall(server.url, begin);
    await reading;
    expect(await deliver(server.webhooks)).toMatchObject({ status: 202 });
    expect(await refused).toMatch(/^HTTP\/1\.1 503 (?:(?!HTTP).)*$/su);
    expect(world.log).toEqual([]);
  });
});

/** Pages of which the one for a task is made when the test says so. */
function slowPages() {
  const [made, asked] = [Promise.withResolvers<null>(), Promise.withResolvers<void>()];
  const { waiting } = createWorld().options;
  const find = () => {
    asked.resolve();
    return made.promise;
  };
  const { options } = createWorld({ waiting: { ...waiting, find } });
  const listener = createPagesListener(options);
  return { listener, asked: asked.promise, finish: () => made.resolve(null) };
}

test("a page without room for its connection is refused, while another one is being made", async () => {
  const { listener, asked, finish } = slowPages();
  const server = await startServer({ maxConnections: 1, pages: listener });
  const first = fetch(`${server.url}/connect?task=first`, { redirect: "manual" });
  await asked;
  expect((await fetch(`${server.url}/connect`)).status).toBe(503);
  finish();
  expect((await first).status).toBe(303);
  expect(server.log).toEqual([]);
});

test("a page that was refused while it was made isn't sent on top", async () => {
  const errors = vi.spyOn(console, "error");
  const { listener, asked, finish } = slowPages();
  const written = Promise.withResolvers<void>();
  const server = await startServer({
    pages: (incoming, outgoing) => {
      void asked.then(() => outgoing.end("refused", finish));
      return listener(incoming, outgoing).finally(written.resolve);
    },
  });
  const page = await fetch(`${server.url}/connect?task=first`);
  expect(await page.text()).toBe("refused");
  await written.promise;
  expect(errors).not.toHaveBeenCalled();
});

/** A server that gets the beginning of a form: what to send, when it's being read, and when it's answered. */
async function startReading(settings: Settings = {}) {
  const [reading, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const world = createWorld();
  const { sessions } = world.options;
  const listener = createPagesListener({
    ...world.options,
    sessions: {
      ...sessions,
      find(secret, options) {
        reading.resolve();
        return sessions.find(secret, options);
      },
    },
  });
  const server = await startServer({
    pages: (incoming, outgoing) => listener(incoming, outgoing).finally(written.resolve),
    ...settings,
  });
  const browser = world.open();
  await browser.get("/connect");
  const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
  const begin = `${formHead(100, cookie)}form_token=`;
  return { world, server, begin, reading: reading.promise, written: written.promise };
}

function formHead(length: number, cookie: string): string {
  const headers = Object.entries({ ...FORM, cookie, "content-length": length });
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join("\r\n");
  return `POST /connect/start HTTP/1.1\r\nhost: bot\r\n${lines}\r\n\r\n`;
}
