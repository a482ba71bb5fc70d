import pTimeout from "p-timeout";

interface Options {
  /** In milliseconds. */
  readonly now: () => number;
  /** For how long an answer is good, in milliseconds. */
  readonly rememberedMs: number;
  /** How long whoever asks waits for an answer, in milliseconds. */
  readonly withinMs: number;
}

/**
 * Reads something that may be slow or away. However often it's asked for, it's read once at a time, and once in a
 * while; null when there's no answer in time.
 */
export function remembered<Value>(
  read: () => Promise<Value>,
  { now, rememberedMs, withinMs }: Options,
): () => Promise<Value | null> {
  let known: { readonly value: Value | null; readonly until: number } = { value: null, until: 0 };
  let reading: Promise<void> | null = null;

  async function readNow(): Promise<void> {
    const value = await read().catch(() => null);
    known = { value, until: now() + rememberedMs };
    reading = null;
  }

  return async () => {
    if (now() < known.until) return known.value;
    reading ??= readNow();
    const waited = await pTimeout(
      reading.then(() => true),
      { milliseconds: withinMs, fallback: () => false },
    );
    return waited ? known.value : null;
  };
}
