import { expect, test } from "vitest";
import type { SignedWebhook } from "../bench/webhooks.ts";
import { otherWebhooks, requestingWebhooks } from "../bench/webhooks.ts";
import { SECRET, startServer } from "./http/started.ts";

const HOOK = { secret: SECRET, installationId: 515_151 };

/** What the bot's server makes of each. */
async function resultsOf(webhooks: readonly SignedWebhook[]) {
  const { webhooks: url } = await startServer();
  const results: unknown[] = [];
  for (const { headers, body } of webhooks) {
    const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const response = await fetch(url, {
      method: "POST",
      headers: Object.fromEntries(given),
      body: new Uint8Array(body),
    });
    results.push(await response.json());
  }
  return results;
}

test("the webhooks that the benchmarks send still ask for a task, or for nothing", async () => {
  expect(await resultsOf(requestingWebhooks(1, HOOK))).toMatchObject([{ result: "queued" }]);
  const others = otherWebhooks(16, HOOK);
  expect(await resultsOf(others)).toMatchObject(others.map(() => ({ result: "ignored" })));
});
