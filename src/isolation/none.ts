import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { asUser } from "../core/isolation/bubblewrap.ts";
import { outside, unisolated } from "../core/isolation/shell.ts";
import { IsolationUnavailable, isolationTrouble } from "../core/isolation/unavailable.ts";
import type {
  DirectoryOwner,
  Isolation,
  IsolationState,
  Sandbox,
  SandboxProgram,
} from "../ports/isolation.ts";
import { SandboxDirectories } from "./directories.ts";
import type { Forwarding } from "./forwards.ts";
import { startForwarding } from "./forwards.ts";
import type { IsolationOptions } from "./options.ts";
import { availableState, cgroupFor, tryIsolation } from "./options.ts";
import { startedWith, withChildren } from "./processes.ts";
import { Watch } from "./watch.ts";

/** What a program isn't kept from. */
const MISSING = [
  "Files: a session reads and writes whatever its user can, such as other sessions' files, and the bot's own data and secrets if it has the bot's user.",
  "Processes: a session sees and ends the processes of its user.",
  "Network: a session reaches whatever the machine reaches. The list of hosts doesn't bind it.",
  "Ports: while a session runs, every program on the machine can use its ways to Copilot and the network.",
  "Git: programs that a session has configured for its repository run without isolation, too.",
] as const;

/** By which a program's processes are found again, whoever their parents are. */
const MARK = "COPILOT_TASK_BOT_SANDBOX";

/** No isolation at all, for administrators who want that: programs run as the machine is. */
export class NoIsolation implements Isolation {
  readonly isIsolated = false;
  readonly #options: IsolationOptions;
  readonly #directories: SandboxDirectories;

  constructor(options: IsolationOptions) {
    this.#options = options;
    this.#directories = new SandboxDirectories(options.user);
  }

  async check(): Promise<IsolationState> {
    const { directory } = this.#options;
    const trial = { root: directory, directory: join(directory, "trial"), socket: "/dev/null" };
    this.#directories.forget();
    const trouble = await tryIsolation(this, trial);
    if (trouble !== null) return { available: false, ...trouble };
    return availableState(this.#options, false, MISSING);
  }

  async makeDirectory(root: string, directory: string, owner: DirectoryOwner): Promise<void> {
    await this.#directories.make(root, directory, owner);
  }

  async open<Forward extends string>(program: SandboxProgram<Forward>): Promise<Sandbox<Forward>> {
    const { user, directory } = this.#options;
    // Also without isolation, nothing needs root's rights.
    if (user === null && process.geteuid?.() === 0)
      throw new IsolationUnavailable(isolationTrouble("isolation_root"));
    const { limits, workspace, state } = program;
    const id = randomUUID();
    const own = join(directory, "homes", id);
    const [home, temporary] = [join(own, "home"), join(own, "tmp")];
    await this.makeDirectory(directory, home, "sandboxes");
    await this.makeDirectory(directory, temporary, "sandboxes");
    const forwardings: Forwarding[] = [];
    for (const socket of Object.values<string>(program.forwards)) {
      forwardings.push(await startForwarding(socket));
    }
    const ports = Object.keys(program.forwards).map((name, index) => {
      return [name, forwardings[index]?.port];
    });
    const cgroup = await cgroupFor(this.#options, limits);
    const [starter, ...args] = outside({ filter: null, cgroup: cgroup?.directory ?? null }, [
      ...asUser(user),
      ...unisolated(limits, workspace, program.command),
    ]);
    const marked = `${MARK}=${id}`;
    const watch = new Watch({
      limits,
      directories: [workspace, ...(state === null ? [] : [state]), own],
      inMemory: [],
      cgroup,
      processesOf: async (first) => {
        const known = first === null ? [] : await withChildren(first);
        const grouped = (await cgroup?.processes()) ?? [];
        return [...new Set([...known, ...grouped, ...(await startedWith(marked))])];
      },
    });
    return {
      command: { program: starter, args },
      environment: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        HOME: home,
        TMPDIR: temporary,
        // The machine's own `git-lfs` would take the place of the filters of a workspace.
        GIT_CONFIG_NOSYSTEM: "1",
        [MARK]: id,
      },
      paths: { workspace, state },
      ports: Object.fromEntries(ports),
      watch: (processId) => watch.start(processId),
      async close() {
        const exceeded = await watch.close();
        for (const one of forwardings) await one.close();
        await cgroup?.remove();
        await promisify(execFile)("rm", ["-rf", "--one-file-system", "--", own]).catch(() => null);
        return exceeded;
      },
    };
  }
}
