import type { LimitName, SandboxLimits } from "../core/isolation/limits.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";

/** A program that is to run in a sandbox. `Forward` names its ways to sockets outside, which are its only network. */
export interface SandboxProgram<Forward extends string = string> {
  /** The program and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** The directory that it works in, and can write to. */
  readonly workspace: string;
  /** Another one that it can write to; null for none. */
  readonly state: string | null;
  /** Files and directories that it can read, at the same paths. */
  readonly readable: readonly string[];
  /** Unix sockets outside. It has a port on its loopback interface for each. */
  readonly forwards: Readonly<Record<Forward, string>>;
  readonly limits: SandboxLimits;
}

/** What to start instead of a program. Its environment is the starter's, and reaches the program as it is. */
export interface SandboxCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Where one program runs, from before its start until after its end. */
export interface Sandbox<Forward extends string = string> {
  readonly command: SandboxCommand;
  /** What its environment must have: where programs, its home, and temporary files are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its directories, as it sees them. */
  readonly paths: { readonly workspace: string; readonly state: string | null };
  /** The port of each forward, at 127.0.0.1. */
  readonly ports: Readonly<Record<Forward, number>>;
  /**
   * Has the limits kept from now on: the sandbox ends, with all that runs in it, as soon as it's over one.
   *
   * @param processId of what was started with `command`, by this process
   */
  watch(processId: number): void;
  /**
   * Ends whatever still runs, and gives back what the sandbox had. To be called once the program has ended, or to end it.
   *
   * @returns the limit for which it was ended; null for none
   */
  close(): Promise<LimitName | null>;
}

/** Whether programs can be started on this machine. */
export type IsolationState =
  | {
      readonly available: true;
      /** How each limit is kept. */
      readonly limits: Readonly<Record<string, string>>;
      /** What isn't kept from programs; empty where they're isolated. */
      readonly missing: readonly string[];
    }
  | ({ readonly available: false } & IsolationTrouble);

/** Who writes to a directory: the bot alone, or also what runs in sandboxes. */
export type DirectoryOwner = "bot" | "sandboxes";

/** Runs programs so that they reach nothing outside but what they're given, or as near to that as it's allowed to. */
export interface Isolation {
  /** False where the administrator has turned isolation off. */
  readonly isIsolated: boolean;
  /** Starts a sandbox to see whether it can be done. Never rejects. */
  check(): Promise<IsolationState>;
  /**
   * Makes a directory that can be given to sandboxes, and checks that they get there: its path must be known to them, what
   * lies on the way can't be listed.
   *
   * @param root the bot's own; nothing above it is changed
   * @throws IsolationUnavailable when they don't get there
   */
  makeDirectory(root: string, directory: string, owner: DirectoryOwner): Promise<void>;
  /** @throws IsolationUnavailable when nothing can be started here */
  open<Forward extends string>(program: SandboxProgram<Forward>): Promise<Sandbox<Forward>>;
}
