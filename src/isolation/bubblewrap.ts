import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SystemFiles } from "../core/isolation/bubblewrap.ts";
import { asUser, bubblewrapArguments, INSIDE, portsInside } from "../core/isolation/bubblewrap.ts";
import type { Processor } from "../core/isolation/seccomp.ts";
import { seccompFilter } from "../core/isolation/seccomp.ts";
import { FILTER_DESCRIPTOR, inside, outside } from "../core/isolation/shell.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";
import { IsolationUnavailable, isolationTrouble } from "../core/isolation/unavailable.ts";
import type {
  DirectoryOwner,
  Isolation,
  IsolationState,
  Sandbox,
  SandboxProgram,
} from "../ports/isolation.ts";
import { SandboxDirectories } from "./directories.ts";
import type { IsolationOptions } from "./options.ts";
import { availableState, cgroupFor, tryIsolation } from "./options.ts";
import { withChildren } from "./processes.ts";
import { findSystem } from "./system.ts";
import { Watch } from "./watch.ts";

/** Isolation with Debian's `bubblewrap` and `socat`. */
export class BubblewrapIsolation implements Isolation {
  readonly isIsolated = true;
  readonly #options: IsolationOptions;
  readonly #directories: SandboxDirectories;
  readonly #system: SystemFiles;

  constructor(options: IsolationOptions) {
    this.#options = options;
    this.#directories = new SandboxDirectories(options.user);
    this.#system = findSystem(options.directory);
    const known = processor();
    if (known !== null) writeFileSync(this.#filter, seccompFilter(known));
  }

  get #filter(): string {
    return join(this.#options.directory, "system-calls.bpf");
  }

  async check(): Promise<IsolationState> {
    const { directory } = this.#options;
    const trial = { root: directory, directory: join(directory, "trial"), socket: this.#filter };
    this.#directories.forget();
    const trouble = await tryIsolation(this, trial);
    if (trouble !== null) return { available: false, ...trouble };
    return availableState(this.#options, true, []);
  }

  async makeDirectory(root: string, directory: string, owner: DirectoryOwner): Promise<void> {
    await this.#directories.make(root, directory, owner);
  }

  async open<Forward extends string>(program: SandboxProgram<Forward>): Promise<Sandbox<Forward>> {
    const { user } = this.#options;
    const trouble = impossible(user === null);
    if (trouble !== null) throw new IsolationUnavailable(trouble);
    const { command, limits, workspace, state, readable } = program;
    const ports = portsInside(program.forwards);
    const forwards = Object.entries<string>(program.forwards).map(([name, socket]) => {
      return { port: new Map(Object.entries<number>(ports)).get(name) ?? 0, socket };
    });
    const cgroup = await cgroupFor(this.#options, limits);
    const [starter, ...args] = outside(
      { filter: this.#filter, cgroup: cgroup?.directory ?? null },
      [
        ...asUser(user),
        "bwrap",
        ...bubblewrapArguments(
          { workspace, state, readable, forwards },
          this.#system,
          limits,
          FILTER_DESCRIPTOR,
        ),
        ...inside(limits, forwards, command),
      ],
    );
    const watch = new Watch({
      limits,
      directories: state === null ? [workspace] : [workspace, state],
      inMemory: ["/tmp", "/dev/shm", INSIDE.home],
      cgroup,
      processesOf: async (first) => (first === null ? [] : withChildren(first)),
    });
    return {
      command: { program: starter, args },
      environment: { PATH: "/usr/bin:/bin", HOME: INSIDE.home },
      paths: { workspace: INSIDE.workspace, state: state === null ? null : INSIDE.state },
      ports,
      watch: (processId) => watch.start(processId),
      async close() {
        const exceeded = await watch.close();
        await cgroup?.remove();
        return exceeded;
      },
    };
  }
}

/** What's wrong before anything is tried. The kernel limits nobody's processes if they are root's. */
function impossible(hasOwnUser: boolean): IsolationTrouble | null {
  if (hasOwnUser && process.geteuid?.() === 0) return isolationTrouble("isolation_root");
  return processor() === null ? isolationTrouble("isolation_processor") : null;
}

/** Null for a processor without a filter of system calls. */
function processor(): Processor | null {
  return process.arch === "x64" || process.arch === "arm64" ? process.arch : null;
}
