/** A value that notes what of it is read, and what of it nobody has read. */
export function noted(value: object): {
  readonly value: object;
  readonly unread: () => readonly string[];
} {
  const unread = new Set<string>();
  const known = new Map<object, object>();

  function note(part: object, path: string): object {
    const before = known.get(part);
    if (before !== undefined) return before;
    for (const key of Object.keys(part)) unread.add(`${path}/${key}`);
    const proxy = new Proxy(part, {
      get(target, key) {
        unread.delete(`${path}/${String(key)}`);
        const inner: unknown = Reflect.get(target, key);
        return typeof inner === "object" && inner !== null
          ? note(inner, `${path}/${String(key)}`)
          : inner;
      },
      // Whoever lists the keys takes any of them, as of labels.
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        for (const key of keys) unread.delete(`${path}/${String(key)}`);
        return keys;
      },
    });
    known.set(part, proxy);
    return proxy;
  }

  return { value: note(value, ""), unread: () => [...unread] };
}
