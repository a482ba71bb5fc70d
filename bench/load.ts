import { Agent, request } from "node:http";
import { quantile } from "./measurement.ts";
import type { SignedWebhook } from "./webhooks.ts";

/** How a server took many requests. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Options {
  readonly url: string;
  readonly webhooks: readonly SignedWebhook[];
  /** How many are under way at once, each on a connection that is kept. */
  readonly connections: number;
  /** What each answer has to contain. */
  readonly expected: string;
}

/** Sends all webhooks as fast as the connections take them; rejects at an answer that is not as expected. */
export async function load(options: Options): Promise<Load> {
  const { webhooks, connections } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const left = webhooks[Symbol.iterator]();
  const tookMs: number[] = [];

  async function connection(): Promise<void> {
    for (const webhook of left) {
      const began = performance.now();
      await send(agent, webhook, options);
      tookMs.push(performance.now() - began);
    }
  }

  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  const sorted = tookMs.sort((one, other) => one - other);
  return {
    perSecond: webhooks.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

function send(agent: Agent, webhook: SignedWebhook, { url, expected }: Options): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const outgoing = request(
    `${url}/api/github/webhooks`,
    { agent, method: "POST", headers: webhook.headers },
    (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode < 300 && text.includes(expected)) resolve();
        else reject(new Error(`answered with ${statusCode}: ${text}`));
      });
    },
  );
  outgoing.on("error", reject);
  outgoing.end(webhook.body);
  return promise;
}
