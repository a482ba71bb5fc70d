import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { readBody } from "../../src/http/body.ts";
import { createBodyBudget } from "../../src/http/body-budget.ts";
import { deliver, headersOf, labeled, stall, upload } from "./client.ts";
import { SECRET, startServer } from "./started.ts";

const MEGABYTE = 1024 * 1024;
const UNSIGNED = headersOf({ headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` } });

const BLOCK = Buffer.alloc(MEGABYTE, "a");

const HEAD = [
  "POST /api/github/webhooks HTTP/1.1",
  "host: bot",
  ...Object.entries(UNSIGNED).map(([name, value]) => `${name}: ${value}`),
].join("\r\n");

/**
 * Sends on a connection of its own for as long as the server takes it; the status of the answer, or 0 where
 * the connection was gone before it could be read.
 */
function attack(url: string, head: string, block: Buffer, count: number): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  let left = count;
  const write = (): void => {
    while (left > 0 && socket.writable) {
      left -= 1;
      if (socket.write(block)) continue;
      socket.once("drain", write);
      return;
    }
  };
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("utf8");
    socket.destroySoon();
  });
  socket.on("error", () => {});
  socket.write(`${HEAD}\r\n${head}\r\n\r\n`);
  write();
  return new Promise((resolve) => {
    socket.on("close", () => resolve(Number(answer.slice(9, 12))));
  });
}

/** The bot's server in another process. */
async function startAttacked() {
  const program = new URL("attacked-server.ts", import.meta.url);
  const child = fork(program, { env: { ...process.env, WEBHOOK_SECRET: SECRET }, execArgv: [] });
  onTestFinished(() => {
    child.disconnect();
  });
  const [url]: unknown[] = await once(child, "message");
  return {
    webhooks: `${String(url)}/api/github/webhooks`,
    async peakBytes() {
      child.send("memory");
      const [bytes]: unknown[] = await once(child, "message");
      return Number(bytes);
    },
  };
}

describe("bodies that nobody has signed", () => {
  test("50 of 25 MB at once don't take the memory of 50, and genuine webhooks still get through", async () => {
    const server = await startAttacked();
    await deliver(server.webhooks);
    const before = await server.peakBytes();
    const length = `content-length: ${25 * MEGABYTE}`;
    const attacks = Array.from({ length: 50 }, () => attack(server.webhooks, length, BLOCK, 25));
    const genuine: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      genuine.push((await deliver(server.webhooks, { deliveryId: `genuine-${count}` })).status);
    }
    expect(new Set(genuine)).toEqual(new Set([202]));
    const statuses = await Promise.all(attacks);
    expect(statuses.filter((status) => ![0, 401, 503].includes(status))).toEqual([]);
    expect(((await server.peakBytes()) - before) / MEGABYTE).toBeLessThan(250);
  });

  test("sent byte by byte take no more than they would at once", async () => {
    const server = await startAttacked();
    await deliver(server.webhooks);
    const before = await server.peakBytes();
    const crumbs = Buffer.from("1\r\na\r\n".repeat(20_000));
    const status = await attack(server.webhooks, "transfer-encoding: chunked", crumbs, 50);
    expect([0, 503]).toContain(status);
    expect(((await server.peakBytes()) - before) / MEGABYTE).toBeLessThan(250);
  });

  test("that stall make room for a genuine one, and are asked to come back", async () => {
    const server = await startServer({ maxUnverifiedBytes: 100_000 });
    const begin = `${HEAD}\r\ncontent-length: 90000\r\n\r\n`;
    const stalled = stall(server.webhooks, `${begin}${"a".repeat(89_000)}`);
    // None of them has room beside what stalls.
    const body = labeled({ "issue.body": "a".repeat(20_000) });
    for (const deliveryId of ["one", "two", "three"]) {
      expect(await deliver(server.webhooks, { deliveryId, body })).toMatchObject({ status: 202 });
    }
    const others = await stalled;
    expect(others).toMatch(/^HTTP\/1\.1 503 /u);
    expect(others).toMatch(/\r\nretry-after: 10\r\n/iu);
    expect(others).toContain(
      '{"error":"Too many webhooks are arriving at once. Redeliver this one later."}',
    );
  });
});

/** A server that only reads bodies; what came of the last one. */
async function startReader(timeoutMs = 10_000) {
  const budget = createBodyBudget(1_000_000);
  const outcomes: string[] = [];
  const limits = { requestTimeout: timeoutMs, connectionsCheckingInterval: 50 };
  const server = createServer(limits, (request, response) => {
    readBody(request, budget).then(
      (body) => {
        if (typeof body !== "string") body.giveBack();
        outcomes.push(typeof body === "string" ? body : "read");
        return response.end("{}");
      },
      () => outcomes.push("broken off"),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { budget, outcomes, port, url: `http://127.0.0.1:${port}` };
}

describe("the budget is given back exactly", () => {
  const begin = "POST / HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n";

  test("after it was read", async () => {
    const { budget, outcomes, url } = await startReader();
    await upload(url, {}, [Buffer.alloc(70_000), Buffer.alloc(70_000)]);
    expect([outcomes, budget.used()]).toEqual([["read"], 0]);
  });

  test("when there is no room for it", async () => {
    const { budget, outcomes, url } = await startReader();
    await upload(url, {}, [BLOCK, BLOCK]).catch(() => {});
    expect([outcomes, budget.used()]).toEqual([["no room"], 0]);
  });

  test("when its sender hangs up", async () => {
    const { budget, outcomes, port } = await startReader();
    const socket = connect(port, "127.0.0.1");
    socket.write(`${begin}content-length: 1000\r\n\r\nabc`);
    await expect.poll(() => budget.used()).toBe(3 + 512);
    socket.destroy();
    await expect.poll(() => outcomes).toEqual(["broken off"]);
    expect(budget.used()).toBe(0);
  });

  test("when it doesn't come in time", async () => {
    const { budget, outcomes, url } = await startReader(200);
    const answer = await stall(url, `${begin}content-length: 1000\r\n\r\nabc`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect([outcomes, budget.used()]).toEqual([["broken off"], 0]);
  });

  test("when it isn't HTTP after all", async () => {
    const { budget, outcomes, url } = await startReader();
    await stall(url, `${begin}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n`);
    expect([outcomes, budget.used()]).toEqual([["broken off"], 0]);
  });
});

describe("too many connections", () => {
  test("leave room for genuine webhooks: the one of no use for the longest goes first", async () => {
    const server = await startServer({ maxConnections: 5 });
    const oldest = stall(server.webhooks, `${HEAD}\r\ncontent-length: 9\r\n\r\n{`);
    const idle = Array.from({ length: 20 }, () => stall(server.webhooks, HEAD));
    expect(await oldest).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 10\r\n/isu);
    expect(await deliver(server.webhooks)).toMatchObject({ status: 202 });
    await Promise.race(idle);
    await server.close();
    await Promise.all(idle);
  });

  test("a webhook that is being stored isn't given up for another connection", async () => {
    const reached = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    const server = await startServer({
      maxConnections: 1,
      insert: async (tasks, trigger) => {
        reached.resolve();
        await open.promise;
        return tasks.insert(trigger);
      },
    });
    const first = deliver(server.webhooks);
    await reached.promise;
    expect(await deliver(server.webhooks, { deliveryId: "delivery-2" })).toEqual({
      status: 503,
      body: { error: "Too many connections are open at once. Try again later." },
    });
    open.resolve();
    expect(await first).toMatchObject({ status: 202, body: { result: "queued" } });
  });
});
