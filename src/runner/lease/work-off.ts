import pTimeout from "p-timeout";

/** What is durable and due, one after the other. */
interface Work<Item> {
  /** The next one, which nobody else takes for a while; null when there is none. */
  readonly take: () => Promise<Item | null>;
  readonly carryOut: (item: Item) => Promise<void>;
  /** What to do about one that broke off. */
  readonly broken: (item: Item, error: unknown) => Promise<void>;
}

/**
 * Does all that's due. Whoever stops doesn't wait for GitHub: what was taken is due again after a while.
 *
 * @param signal aborted when the bot stops
 */
export async function workOff<Item>(
  { take, carryOut, broken }: Work<Item>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const item = await take();
    if (item === null) return;
    try {
      await pTimeout(carryOut(item), { milliseconds: Infinity, signal });
    } catch (error) {
      if (signal.aborted) return;
      await broken(item, error);
    }
  }
}
