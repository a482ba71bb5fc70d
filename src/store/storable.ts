/** PostgreSQL takes every character but zero: it becomes the one for what cannot be shown, at any depth. */
export function storable<Value>(value: Value): Value;
export function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "\uFFFD");
  if (typeof value !== "object" || value === null || !hasZero(value)) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => storable(one));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, storable(field)]));
}

function hasZero(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.values(value).some(hasZero);
}
