/** What was found out, by a key. */
export interface Memory<Value> {
  has(key: string): boolean;
  /** What is known under the key, or what is found out now. */
  recall(key: string, find: () => Value): Value;
}

/** Files and templates of so many versions are kept. */
const MOST_KEPT = 500;

/** Remembers the values that were asked for last. */
export function createMemory<Value>(): Memory<Value> {
  const known = new Map<string, { readonly value: Value }>();
  return {
    has: (key) => known.has(key),
    recall(key, find) {
      const entry = known.get(key) ?? { value: find() };
      known.delete(key);
      known.set(key, entry);
      const [oldest] = known.keys();
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
      return entry.value;
    },
  };
}
