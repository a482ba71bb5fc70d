import { spawnSync } from "node:child_process";

/** Whether Debian's package `prometheus` is installed: Prometheus' own checks of metrics and rules. */
export const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

/** Runs promtool; what it says is what's wrong, where its exit code isn't 0. */
export function promtool(
  args: readonly string[],
  input = "",
): { code: number | null; says: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return { code: status, says: `${stdout}${stderr}` };
}
