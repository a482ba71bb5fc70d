import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { CannotStart } from "../../src/core/error/cannot-start.ts";
import { serveMetrics } from "../../src/http/metrics-server.ts";
import type { MetricsText } from "../../src/ports/metrics.ts";
import { deliver } from "./client.ts";
import { startServer } from "./started.ts";

const TEXT: MetricsText = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  text: "# TYPE up gauge\nup 1\n",
};

interface Settings {
  readonly read?: () => Promise<MetricsText>;
  readonly now?: () => number;
}

async function start({ read = () => Promise.resolve(TEXT), ...settings }: Settings = {}) {
  const errors: object[] = [];
  const server = await serveMetrics({
    host: "127.0.0.1",
    port: 0,
    settings: { host: "METRICS_HOST", port: "METRICS_PORT" },
    log: { error: (fields) => errors.push(fields) },
    read,
    ...settings,
  });
  onTestFinished(() => server.close());
  return { ...server, metrics: `${server.url}/metrics`, errors };
}

/** A connection on which nothing is sent. */
async function idle(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

describe("the server of metrics", () => {
  test("sends them as Prometheus wants them", async () => {
    const { metrics } = await start();
    const answer = await fetch(metrics);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(TEXT.contentType);
    expect(await answer.text()).toContain("\nup 1\n");
  });

  test.each([
    ["GET", "/", 404],
    ["GET", "/metrics/", 404],
    ["GET", "/api/github/webhooks", 404],
    ["POST", "/metrics", 405],
    ["DELETE", "/metrics", 405],
    ["HEAD", "/metrics", 200],
    ["GET", "/metrics?name=up", 200],
  ])("answers %s %s with %d", async (method, path, status) => {
    const { url } = await start();
    expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
  });

  test("answers with an error where they can't be read, without its words", async () => {
    const { metrics, errors } = await start({
      read: () => Promise.reject(new Error("postgres://bot:s3cret@db")),
    });
    const answer = await fetch(metrics);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("s3cret");
    expect(errors).toHaveLength(1);
  });

  test("names its own setting where the port is taken", async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    const settings = { host: "METRICS_HOST", port: "METRICS_PORT" };
    const options = { host: "127.0.0.1", port, settings, log: { error() {} } };
    const again = serveMetrics({ ...options, read: () => Promise.resolve(TEXT) });
    await expect(again).rejects.toThrow(CannotStart);
    await expect(again).rejects.toThrow(
      `Another process listens on port ${port}. Stop it, or set METRICS_PORT to another number.`,
    );
  });
});

describe("whoever reads metrics all the time", () => {
  test("has them read once a second", async () => {
    let count = 0;
    let time = 0;
    const read = () => {
      count += 1;
      return Promise.resolve({ ...TEXT, text: `reads ${count}` });
    };
    const { metrics } = await start({ read, now: () => time });
    const all = Array.from({ length: 200 }, async () => (await fetch(metrics)).text());
    expect(new Set(await Promise.all(all))).toEqual(new Set(["reads 1\n"]));
    time = 1_000;
    expect(await (await fetch(metrics)).text()).toBe("reads 2\n");
  });

  test("has them read once at a time, however long that takes", async () => {
    const texts = [Promise.withResolvers<MetricsText>(), Promise.withResolvers<MetricsText>()];
    let count = 0;
    let time = 0;
    const asked = Promise.withResolvers<void>();
    const read = () => {
      asked.resolve();
      return texts[count++]?.promise ?? Promise.resolve(TEXT);
    };
    const { metrics, url } = await start({ read, now: () => time });
    const first = fetch(metrics);
    await asked.promise;
    time = 60_000;
    const second = fetch(metrics);
    // The server has the second request by the time that it answers a third.
    await fetch(url);
    texts[0]?.resolve(TEXT);
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200]);
    expect(count).toBe(1);
  });

  test("takes no connections from webhooks, and the oldest idle one makes room for the next", async () => {
    const webhooks = await startServer({ maxConnections: 10 });
    const { url, metrics } = await start();
    const sockets = [];
    for (let count = 0; count < 10; count += 1) sockets.push(await idle(url));
    const [oldest] = sockets;
    const gone = oldest === undefined ? Promise.resolve() : once(oldest, "close");
    expect((await fetch(metrics)).status).toBe(200);
    await gone;
    expect((await deliver(webhooks.webhooks)).status).toBe(202);
  });
});
