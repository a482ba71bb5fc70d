import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./config/environment.ts";
import { canCreateCloudSessions, createClient } from "./copilot/client.ts";
import type { Runtime } from "./copilot/runtime.ts";
import { createRuntime } from "./copilot/runtime.ts";
import type { DataDirectory } from "./store/directory.ts";
import { lockDataDirectory } from "./store/directory.ts";

/** What a bot stands on. */
export interface Foundation {
  /** This process's alone. */
  readonly directory: DataDirectory;
  /** On its way: it takes longer to start than all else. */
  readonly runtime: Runtime;
  /** Ends the runtime, and gives the directory back. */
  leave(): Promise<void>;
}

interface Settings {
  readonly environment: Environment;
  /** Of these the Copilot runtime gets what is on its allow-list. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/**
 * Takes the directory of data, and has the Copilot runtime start.
 *
 * @throws Error with a sentence for the administrator, when another process has the directory
 */
export function layFoundation({ environment, variables, log }: Settings): Foundation {
  const dataDirectory = lockDataDirectory(environment.DATA_DIR);
  const directory = join(dataDirectory.path, "copilot");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const runtime = createRuntime({
    create: () => createClient({ directory, variables: { ...variables, ...environment } }),
    probe: canCreateCloudSessions,
    log,
  });
  runtime.running().catch((err: unknown) => {
    if (runtime.status().state !== "unavailable") return;
    log.error({ err }, "Copilot runtime does not start");
  });
  return {
    directory: dataDirectory,
    runtime,
    async leave() {
      runtime.retire();
      try {
        await runtime.stop();
      } finally {
        dataDirectory.release();
      }
    },
  };
}
