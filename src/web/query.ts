import type { Context } from "hono";

/** A parameter of the address that's there once; null otherwise. */
export function oneQuery(c: Context, name: string): string | null {
  const values = c.req.queries(name) ?? [];
  return values.length === 1 ? (values[0] ?? null) : null;
}
