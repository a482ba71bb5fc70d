/** How often a property is tried: under CI=true as often as is said, and a quarter of that while somebody waits. */
export function runs(count: number): number {
  return process.env["CI"] === "true" ? count : Math.ceil(count / 4);
}
