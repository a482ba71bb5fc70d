import { mkdirSync } from "node:fs";
import { CopilotClient } from "@github/copilot-sdk";

// The floor of the way to ready: the SDK, and the start of its runtime.
const { DATA_DIR = "", ...env } = process.env;
mkdirSync(DATA_DIR, { recursive: true });
const client = new CopilotClient({
  mode: "empty",
  baseDirectory: DATA_DIR,
  workingDirectory: DATA_DIR,
  useLoggedInUser: false,
  logLevel: "error",
  env,
});
await client.start();
await client.getStatus();
process.stdout.write("ready\n");
