import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dropDatabasesOfRun, isPostgresThere, nameDatabasesOfRun } from "./store/test-database.ts";
import { bundleUnpacedBot } from "../sandbox/chaos/unpaced.ts";
import { directoryInMemory } from "./memory.ts";

const memory = directoryInMemory();

/** Before all tests: what starts the bot as an administrator does, or with short waits, finds the bundle of what is tested. */
export async function setup(): Promise<void> {
  execFileSync(fileURLToPath(new URL("../script/build", import.meta.url)), { stdio: "inherit" });
  await bundleUnpacedBot();
  nameDatabasesOfRun();
  // Workers, and the programs that they start, inherit it.
  if (memory !== null) process.env["TMPDIR"] = memory;
}

/** After all tests. */
export async function teardown(): Promise<void> {
  if (await isPostgresThere()) await dropDatabasesOfRun();
  if (memory !== null) rmSync(memory, { recursive: true, force: true });
}
