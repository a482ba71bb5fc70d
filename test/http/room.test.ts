import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PagesListener } from "../../src/http/server.ts";
import { deliver, labeled, stall } from "./client.ts";
import { startServer } from "./started.ts";

/** Pages that are being made until the test says that they are done, and streams that never end. */
function slowPages() {
  const finish = Promise.withResolvers<void>();
  let begun = 0;
  const pages: PagesListener = async ({ headers, url }, response) => {
    begun += 1;
    if (headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      await once(response, "close");
      return;
    }
    if (url === "/slow") await finish.promise;
    response.end("a page");
  };
  return { pages, begun: () => begun, finish: finish.resolve };
}

/** Opens an event stream; resolves when its first event has come. */
async function openStream(url: string): Promise<IncomingMessage> {
  const headers = { accept: "text/event-stream" };
  const outgoing = request(`${url}/events`, { headers, agent: false }).end();
  onTestFinished(() => void outgoing.destroy());
  const [response]: IncomingMessage[] = await once(outgoing, "response");
  if (response === undefined) throw new Error("no response");
  response.on("error", () => {});
  if (response.statusCode === 200) await once(response, "data");
  return response;
}

test("however many event streams are open, webhooks and pages have their connections", async () => {
  const { pages } = slowPages();
  const server = await startServer({ pages, maxConnections: 2, maxEventStreams: 20 });
  for (let index = 0; index < 20; index += 1) {
    expect((await openStream(server.url)).statusCode).toBe(200);
  }
  expect((await openStream(server.url)).statusCode).toBe(503);
  for (let index = 0; index < 3; index += 1) {
    expect(await deliver(server.webhooks)).toMatchObject({ status: 202 });
    expect((await fetch(`${server.url}/connect`)).status).toBe(200);
  }
});

test("a stream that a browser has left makes room for another", async () => {
  const { pages } = slowPages();
  const server = await startServer({ pages, maxEventStreams: 1 });
  const first = await openStream(server.url);
  expect((await openStream(server.url)).statusCode).toBe(503);
  first.destroy();
  await expect.poll(async () => (await openStream(server.url)).statusCode).toBe(200);
});

test("pages that are slow leave half of the connections to webhooks", async () => {
  const { pages, begun, finish } = slowPages();
  const server = await startServer({ pages, maxConnections: 10 });
  const slow = Array.from({ length: 5 }, () => fetch(`${server.url}/slow`));
  await expect.poll(begun).toBe(5);
  const refused = await fetch(`${server.url}/slow`);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
  expect(await deliver(server.webhooks)).toMatchObject({ status: 202 });
  finish();
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await fetch(`${server.url}/slow`)).status).toBe(200);
});

test("forms that never end take nobody's room", async () => {
  const { pages } = slowPages();
  const reading: PagesListener = async (incoming, response) => {
    if (incoming.method === "POST") await once(incoming, "end");
    await pages(incoming, response);
  };
  const server = await startServer({ pages: reading, maxConnections: 4 });
  const head =
    "POST /connect/start HTTP/1.1\r\nhost: bot\r\ncontent-length: 100\r\n\r\nform_token=";
  const stalled = [stall(server.url, head), stall(server.url, head)];
  await once(connect(Number(new URL(server.url).port), "127.0.0.1").end(), "close");
  expect((await fetch(`${server.url}/connect`)).status).toBe(200);
  expect(await stalled[0]).toMatch(/^HTTP\/1\.1 503 /u);
});

test("webhooks that can't be stored yet leave connections to pages", async () => {
  const stored = Promise.withResolvers<null>();
  const { pages } = slowPages();
  let arrived = 0;
  const insert = () => {
    arrived += 1;
    return stored.promise;
  };
  const server = await startServer({ pages, insert, maxConnections: 10, maxWebhooks: 5 });
  const all = Array.from({ length: 5 }, (_none, index) =>
    deliver(server.webhooks, {
      deliveryId: `delivery-${index}`,
      body: labeled({ "issue.number": index + 1 }),
    }),
  );
  await expect.poll(() => arrived).toBe(5);
  expect(await deliver(server.webhooks, { deliveryId: "delivery-9" })).toMatchObject({
    status: 503,
  });
  expect((await fetch(`${server.url}/connect`)).status).toBe(200);
  stored.resolve(null);
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(await deliver(server.webhooks, { deliveryId: "delivery-9" })).toMatchObject({
    status: 202,
  });
});

describe("a server that closes", () => {
  test("ends event streams at once", async () => {
    const { pages } = slowPages();
    const server = await startServer({ pages, closeMs: 60_000 });
    const stream = await openStream(server.url);
    const closed = new Promise((resolve) => stream.on("close", resolve));
    await server.close();
    await closed;
  });
});
