import type { SandboxFiles } from "../core/isolation/bubblewrap.ts";
import type { LimitName, SandboxLimits } from "../core/isolation/limits.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";

/** A program that is to run in a sandbox. */
export interface SandboxProgram extends SandboxFiles {
  /** The program, with its path inside, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly limits: SandboxLimits;
}

/** What to start instead of a program. Its environment is the starter's, and reaches the program as it is. */
export interface SandboxCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Whether programs can be isolated on this machine, and how their limits are kept. */
export type IsolationState =
  | { readonly available: true; readonly limits: Readonly<Record<string, string>> }
  | ({ readonly available: false } & IsolationTrouble);

/** Runs programs so that they reach nothing outside but what they're given. */
export interface Isolation {
  /** Starts a sandbox to see whether it can be done. */
  check(): Promise<IsolationState>;
  /** @throws when a directory that is to be visible doesn't exist */
  command(program: SandboxProgram): SandboxCommand;
  /**
   * Ends a sandbox, with all that runs in it, as soon as it exceeds a limit that the kernel doesn't keep by itself.
   *
   * @param processId of what was started with `command`, by this process
   * @returns `exceeded`: the limit for which it was ended, or null after `stop`, which is to be called once it has ended
   */
  watch(
    processId: number,
    program: SandboxProgram,
  ): { readonly exceeded: Promise<LimitName | null>; stop(): void };
}
