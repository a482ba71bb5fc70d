import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { APP_SETTINGS, HOOK } from "../app.ts";
import type { Figure, Run } from "../figure.ts";
import type { Load } from "../load.ts";
import { load } from "../load.ts";
import type { Pair } from "../measurement.ts";
import { compare, interleave, pick } from "../measurement.ts";
import type { Program } from "../program.ts";
import { startProgram } from "../program.ts";
import type { SignedWebhook } from "../webhooks.ts";
import { otherWebhooks, requestingWebhooks } from "../webhooks.ts";

const CONNECTIONS = 50;
/** In each round; enough for some seconds. */
const WEBHOOKS = 6_000;
/** Before the first round, so that the machine code is there. */
const WARM_UP = 12_000;

/** Webhooks that make a task, each answered after its durable row. */
export const acknowledged: Figure = {
  name: "acknowledged",
  async measure(run) {
    const pairs = await againstProbot(run, "queued", (count) => requestingWebhooks(count, HOOK));
    return [
      compare(
        { figure: "acknowledged", unit: "webhooks/s", target: { type: "at least", value: 1 } },
        pick(pairs, ({ perSecond }) => perSecond),
      ),
      compare(
        { figure: "acknowledged p99", unit: "ms", target: { type: "at most", value: 1.5 } },
        pick(pairs, ({ p99Ms }) => p99Ms),
      ),
    ];
  },
};

/** Webhooks that ask for nothing. */
export const ignored: Figure = {
  name: "ignored",
  async measure(run) {
    const pairs = await againstProbot(run, "ignored", (count) => otherWebhooks(count, HOOK));
    return [
      compare(
        { figure: "ignored", unit: "webhooks/s", target: { type: "at least", value: 1.2 } },
        pick(pairs, ({ perSecond }) => perSecond),
      ),
    ];
  },
};

async function againstProbot(
  { rounds, directory: parent }: Run,
  expected: string,
  webhooks: (count: number) => SignedWebhook[],
): Promise<Pair<Load>[]> {
  const directory = join(parent, expected);
  mkdirSync(directory);
  const settings = { ...APP_SETTINGS, DATA_DIR: join(directory, "data") };
  const floor = await startProgram("bare-probot", { directory, settings });
  const ours = await startProgram("receiver", { directory, settings });
  const measure = ({ url }: Program, answer: string, count: number) =>
    load({ url, webhooks: webhooks(count), connections: CONNECTIONS, expected: answer });
  await measure(floor, "ok", WARM_UP);
  await measure(ours, expected, WARM_UP);
  const pairs = await interleave(rounds, {
    floor: () => measure(floor, "ok", WEBHOOKS),
    ours: () => measure(ours, expected, WEBHOOKS),
  });
  await Promise.all([floor.stop(), ours.stop()]);
  return pairs;
}
