import { once } from "node:events";
import { Agent, request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Readiness } from "../../src/http/health.ts";
import { serve } from "../../src/http/server.ts";
import { ask, deliver, headersOf, labeled, upload } from "./client.ts";
import { ACCEPTED } from "../web/browser.ts";
import { READY, startServer } from "./started.ts";

describe("what is asked for", () => {
  test.each([
    ["GET", "/api/github/webhooks/", 404],
    ["GET", "/api/github", 404],
    ["GET", "/HEALTHZ", 404],
    ["GET", "//healthz", 404],
    ["GET", "/__proto__", 404],
  ])("%s %s is not there: %i", async (method, path, status) => {
    const server = await startServer();
    const error = "Nothing is here. Webhooks go to POST /api/github/webhooks.";
    expect(await ask(`${server.url}${path}`, method)).toMatchObject({ status, body: { error } });
  });

  test.each([
    ["GET", "/api/github/webhooks", "POST"],
    ["PUT", "/api/github/webhooks", "POST"],
    ["POST", "/healthz", "GET"],
    ["POST", "/", "GET"],
    ["DELETE", "/readyz", "GET"],
  ])("%s %s is refused, and %s is allowed", async (method, path, allow) => {
    const server = await startServer();
    const body = { error: `Use ${allow} here.` };
    expect(await ask(`${server.url}${path}`, method)).toEqual({ status: 405, body, allow });
  });

  test.each(["/healthz", "/healthz?probe=1"])("GET %s says that the bot is alive", async (path) => {
    const server = await startServer({ readiness: () => Promise.reject(new Error("not asked")) });
    const alive = { status: 200, body: { alive: true }, allow: null };
    expect(await ask(`${server.url}${path}`)).toEqual(alive);
    expect(await ask(`${server.url}${path}`, "HEAD")).toEqual({ ...alive, body: null });
  });
});

describe("a browser", () => {
  test.each([
    [
      "/connect",
      404,
      "Page not found",
      "Nothing is here. Webhooks go to POST /api/github/webhooks.",
    ],
    ["/api/github/webhooks", 405, "This isn't a page", "Use POST here."],
    ["/readyz", 500, "Something went wrong", "The bot couldn't handle this request."],
  ])("gets a page at %s: %i", async (path, status, title, sentence) => {
    const { url } = await startServer({ readiness: () => Promise.reject(new Error("ENOENT")) });
    const page = await fetch(`${url}${path}`, { headers: { accept: ACCEPTED } });
    expect([page.status, page.headers.get("content-type"), page.headers.get("vary")]).toEqual([
      status,
      "text/html; charset=utf-8",
      "accept",
    ]);
    const html = await page.text();
    expect(html).toContain(`<main>\n<h1>${title}</h1>\n<p>${sentence}</p>\n</main>`);
    expect(html).not.toContain("href");
  });

  test("gets what is wrong with a webhook as a page", async () => {
    const { webhooks } = await startServer();
    const body = JSON.stringify({ action: "labeled" });
    const headers = { ...headersOf({ body }), accept: ACCEPTED };
    const page = await fetch(webhooks, { method: "POST", headers, body });
    expect(page.status).toBe(400);
    expect(await page.text()).toContain("<p>Unexpected values in these fields: repository, ");
  });

  test("gets JSON of what isn't a refusal", async () => {
    const { url } = await startServer();
    const { headers } = await fetch(`${url}/readyz`, { headers: { accept: ACCEPTED } });
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  });
});

test("GET / shows that the bot is running, in plain text", async () => {
  const { url } = await startServer();
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await response.text()).toMatchInlineSnapshot(`
    "copilot-task-bot is running. Webhooks go to POST /api/github/webhooks.
    "
  `);
});

/** Asks on a connection that's kept: the status, and whether the connection was the one of before. */
function askKept(url: string, agent: Agent) {
  return new Promise<{ status: number; isKept: boolean; socket: Socket }>((resolve, reject) => {
    const outgoing = request(`${url}/healthz`, { agent }, (response) => {
      const { socket } = response;
      const status = response.statusCode ?? 0;
      response.resume().on("end", () => resolve({ status, isKept: outgoing.reusedSocket, socket }));
    });
    outgoing.on("error", reject).end();
  });
}

function keptConnections(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe("a connection that a load balancer keeps open", () => {
  test("stays open for longer than a request may take to arrive", async () => {
    const server = await startServer({ requestTimeoutMs: 100, keepAliveMs: 30_000 });
    const agent = keptConnections();
    expect(await askKept(server.url, agent)).toMatchObject({ status: 200, isKept: false });
    await sleep(1_500);
    expect(await askKept(server.url, agent)).toMatchObject({ status: 200, isKept: true });
  });

  test("is closed in the end", async () => {
    const server = await startServer({ keepAliveMs: 1 });
    const { status, socket } = await askKept(server.url, keptConnections());
    expect(status).toBe(200);
    if (!socket.destroyed) await once(socket, "close");
  });
});

describe("GET /readyz", () => {
  const { runtime } = READY;

  test.each<[string, Readiness, number]>([
    ["all is well", READY, 200],
    ["the store does not answer", { ...READY, store: "unavailable" }, 503],
    ["GitHub refuses the settings", { ...READY, refused: ["COPILOT_GITHUB_TOKEN"] }, 503],
    ["the runtime starts", { ...READY, runtime: { ...runtime, state: "starting" } }, 503],
    ["the runtime cannot do it", { ...READY, runtime: { ...runtime, cloudSessions: false } }, 503],
    [
      "nobody knows yet what the runtime can do",
      { ...READY, runtime: { state: "ready", version: null, cloudSessions: null } },
      503,
    ],
  ])("when %s", async (_what, readiness, status) => {
    const server = await startServer({ readiness: () => Promise.resolve(readiness) });
    const body = { ready: status === 200, ...readiness };
    expect(await ask(`${server.url}/readyz`)).toEqual({ status, body, allow: null });
  });

  test("when a part can't be checked, shows no internal message", async () => {
    const server = await startServer({ readiness: () => Promise.reject(new Error("ENOENT /var")) });
    const body = { error: "The bot couldn't handle this request." };
    expect(await ask(`${server.url}/readyz`)).toEqual({ status: 500, body, allow: null });
    expect(server.log.join("")).toContain("ENOENT /var");
  });
});

test("a port that somebody else has is an error", async () => {
  const { url } = await startServer();
  const { port } = new URL(url);
  const options = {
    host: "127.0.0.1",
    port: Number(port),
    keepAliveMs: 5_000,
    maxConnections: 10,
    webhook: () => Promise.reject(new Error("not asked")),
    readiness: () => Promise.resolve(READY),
    log: { error: () => {} },
  };
  await expect(serve(options)).rejects.toMatchObject({
    message: `Another process listens on port ${port}. Stop it, or set PORT to another number.`,
    reason: "outage",
    cause: { code: "EADDRINUSE" },
  });
});

describe("a server that closes", () => {
  test("finishes what is in flight, and takes nothing new", async () => {
    const { server, reached, finish } = await busyServer();
    const seen: string[] = [];
    const body = [Buffer.from(labeled())];
    const answer = upload(server.webhooks, headersOf({}), body);
    await reached;
    const closed = server.close().then(() => seen.push("closed"));
    await expect(deliver(server.webhooks)).rejects.toThrow("fetch failed");
    expect(seen).toEqual([]);
    finish();
    expect(await answer).toMatchObject({ status: 202, body: { result: "queued" } });
    await closed;
    expect(server.rows()).toHaveLength(1);
  });

  test("does not wait for connections that are only kept open", async () => {
    const server = await startServer(PATIENT);
    await ask(`${server.url}/healthz`);
    await server.close();
  });

  test("does not wait for the connection of what it has finished", async () => {
    const { server, reached, finish } = await busyServer(PATIENT);
    const answer = deliver(server.webhooks);
    await reached;
    const closed = server.close();
    finish();
    await answer;
    await closed;
  });
});

test("closing does not wait for a connection on which nothing comes", async () => {
  const server = await startServer({ ...PATIENT, closeMs: 100 });
  const { hostname, port } = new URL(server.webhooks);
  const idle = connect(Number(port), hostname);
  await once(idle, "connect");
  idle.write("POST /api/github/webhooks HTTP/1.1\r\n");
  await server.close();
  idle.destroy();
});

/** A server that keeps connections open for longer than a test may take. */
const PATIENT = { requestTimeoutMs: 600_000, keepAliveMs: 600_000, closeMs: 600_000 };

/** A server with a webhook in the middle of being stored. */
async function busyServer(settings: Partial<typeof PATIENT> = {}) {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const server = await startServer({
    ...settings,
    insert: async (tasks, trigger) => {
      reached.resolve();
      await open.promise;
      return tasks.insert(trigger);
    },
  });
  return { server, reached: reached.promise, finish: open.resolve };
}
