import { execFile } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SandboxUser, SystemFiles } from "../core/isolation/bubblewrap.ts";
import {
  asUser,
  bubblewrapArguments,
  OWN_ETC,
  SHARED_ETC,
  SYSTEM_DIRECTORIES,
} from "../core/isolation/bubblewrap.ts";
import { LIMITS_IN_FORCE } from "../core/isolation/limits.ts";
import type { Processor } from "../core/isolation/seccomp.ts";
import { seccompFilter } from "../core/isolation/seccomp.ts";
import { FILTER_DESCRIPTOR, inside, outside } from "../core/isolation/shell.ts";
import { explainIsolation } from "../core/isolation/unavailable.ts";
import type {
  Isolation,
  IsolationState,
  SandboxCommand,
  SandboxProgram,
} from "../ports/isolation.ts";
import { watchSandbox } from "./watch.ts";

/** What a trial may use. */
const TRIAL_LIMITS = { memory: 2 ** 26, processes: 64, disk: 2 ** 20, freeDisk: 0, time: 10_000 };

/** The kernel limits nobody's processes if they are root's. */
const ROOT_NEEDS_USER = {
  available: false,
  found: "The bot runs as root, and names no other user for sandboxes.",
  cure: "Run the bot as a user of its own.",
} as const;

export interface BubblewrapOptions {
  /** A directory of the bot's own, which everybody may enter; created if it's missing. */
  readonly directory: string;
  /** The account of the sandboxes' processes, which owns what they write; null for the bot's own. */
  readonly user: SandboxUser | null;
}

/** Isolation with Debian's `bubblewrap` and `socat`. */
export class BubblewrapIsolation implements Isolation {
  readonly #user: SandboxUser | null;
  readonly #directory: string;
  readonly #system: SystemFiles;

  constructor({ directory, user }: BubblewrapOptions) {
    this.#user = user;
    this.#directory = directory;
    this.#system = findSystem(directory);
    writeFileSync(this.#filter, seccompFilter(processor()));
  }

  get #filter(): string {
    return join(this.#directory, "system-calls.bpf");
  }

  get #isUnlimited(): boolean {
    return this.#user === null && process.geteuid?.() === 0;
  }

  async check(): Promise<IsolationState> {
    if (this.#isUnlimited) return ROOT_NEEDS_USER;
    const { program, args } = this.command({
      command: ["/bin/true"],
      workspace: join(this.#directory, "trial"),
      state: null,
      readable: [],
      forwards: [{ port: 1080, socket: join(this.#directory, "passwd") }],
      limits: TRIAL_LIMITS,
    });
    try {
      await promisify(execFile)(program, args, {
        env: { PATH: process.env["PATH"] },
        timeout: 10_000,
      });
      return { available: true, limits: LIMITS_IN_FORCE };
    } catch (error) {
      const { stderr } = { stderr: String(error), ...Object(error) };
      return { available: false, ...explainIsolation(String(stderr)) };
    }
  }

  command({ command, limits, ...files }: SandboxProgram): SandboxCommand {
    if (this.#isUnlimited) throw new Error(ROOT_NEEDS_USER.found);
    const [program = "", ...args] = outside(this.#filter, [
      "nice",
      "--adjustment=10",
      ...asUser(this.#user),
      "bwrap",
      ...bubblewrapArguments(files, this.#system, limits, FILTER_DESCRIPTOR),
      ...inside(limits, files.forwards, command),
    ]);
    return { program, args };
  }

  watch(processId: number, program: SandboxProgram): ReturnType<Isolation["watch"]> {
    return watchSandbox(processId, program);
  }
}

/** @throws on a processor for which there's no filter of system calls */
function processor(): Processor {
  if (process.arch === "x64" || process.arch === "arm64") return process.arch;
  throw new Error(`Isolation isn't available on ${process.arch} processors`);
}

function findSystem(directory: string): SystemFiles {
  mkdirSync(join(directory, "trial"), { recursive: true });
  chmodSync(directory, 0o711);
  for (const [name, text] of Object.entries(OWN_ETC)) {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o644);
  }
  const there = SYSTEM_DIRECTORIES.flatMap((path) => {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return [];
    return [[path, entry.isSymbolicLink() ? readlinkSync(path) : null] as const];
  });
  const sharedEtc = SHARED_ETC.filter(
    (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  );
  return { directories: new Map(there), sharedEtc, ownEtc: directory };
}
