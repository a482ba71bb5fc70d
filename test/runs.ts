/** Whether nothing is left out: under CI=true. What is left out while somebody waits, left-out.ts says. */
export const isComplete = process.env["CI"] === "true";

/** How often a property is tried: under CI=true as often as is said, and a quarter of that while somebody waits. */
export function runs(count: number): number {
  return isComplete ? count : Math.ceil(count / 4);
}
