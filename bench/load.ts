import { Pool } from "undici";
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
  const pool = new Pool(options.url, { connections });
  const left = webhooks[Symbol.iterator]();
  const tookMs: number[] = [];

  async function connection(): Promise<void> {
    for (const webhook of left) {
      const began = performance.now();
      await send(pool, webhook, options.expected);
      tookMs.push(performance.now() - began);
    }
  }

  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    await pool.destroy();
  }
  const seconds = (performance.now() - began) / 1_000;
  const sorted = tookMs.sort((one, other) => one - other);
  return {
    perSecond: webhooks.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

async function send(pool: Pool, { headers, body }: SignedWebhook, expected: string): Promise<void> {
  const path = "/api/github/webhooks";
  const response = await pool.request({ path, method: "POST", headers, body });
  const text = await response.body.text();
  if (response.statusCode < 300 && text.includes(expected)) return;
  throw new Error(`answered with ${response.statusCode}: ${text}`);
}
