import { setTimeout as sleep } from "node:timers/promises";

// Loaded into the bot before its own modules, to report what it holds when asked.
process.on("message", () => {
  void report();
});
// Being asked is not a reason to stay.
process.channel?.unref();

async function report(): Promise<void> {
  const { rss } = process.memoryUsage();
  globalThis.gc?.();
  // What ends with the first collection is gone after the second.
  await sleep(100);
  globalThis.gc?.();
  process.send?.({ rss, heap: process.memoryUsage().heapUsed });
}
