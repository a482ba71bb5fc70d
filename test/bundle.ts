import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Before all tests: what starts the bot as an administrator does finds the bundle of what is tested. */
export function setup(): void {
  execFileSync(fileURLToPath(new URL("../script/build", import.meta.url)), { stdio: "inherit" });
}
