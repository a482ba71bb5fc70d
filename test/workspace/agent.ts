import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SandboxLimits } from "../../src/core/isolation/limits.ts";
import type { Isolation } from "../../src/ports/isolation.ts";

/** Where an agent works, and what it does there. */
interface AgentWork {
  readonly isolation: Isolation;
  readonly limits: SandboxLimits;
  /** The directory of the workspaces, in which the repository has the id 3. */
  readonly directory: string;
  readonly id: string;
  /** For Bash. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What an agent does in its workspace; returns what it prints. */
export async function runAgent(work: AgentWork): Promise<string> {
  const { isolation, limits, directory, id, script, env } = work;
  const sandbox = await isolation.open({
    command: ["/bin/bash", "-c", script, "agent"],
    workspace: join(directory, "tasks", id, "workspace"),
    state: null,
    readable: [join(directory, "mirrors", "3.git", "objects")],
    forwards: {},
    limits,
  });
  const { program, args } = sandbox.command;
  const { stdout } = await promisify(execFile)(program, args, {
    env: { ...sandbox.environment, ...env },
  });
  await sandbox.close();
  return stdout;
}
