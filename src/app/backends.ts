import type { Backend } from "./backend.ts";
import type { CopilotBackendOptions } from "./copilot-backend.ts";
import { createCopilotBackend } from "./copilot-backend.ts";

/** What runs the sessions of a bot with these settings, not started yet. */
export function createBackend(options: CopilotBackendOptions): Backend {
  return createCopilotBackend(options);
}
