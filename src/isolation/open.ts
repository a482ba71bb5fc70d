import { availableParallelism } from "node:os";
import type { SandboxUser } from "../core/isolation/bubblewrap.ts";
import { processorsForEach } from "../core/isolation/limits.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";
import { IsolationUnavailable } from "../core/isolation/unavailable.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { Isolation, IsolationState } from "../ports/isolation.ts";
import { BubblewrapIsolation } from "./bubblewrap.ts";
import { findCgroups } from "./cgroups.ts";
import { NoIsolation } from "./none.ts";
import { findSandboxUser } from "./user.ts";

/**
 * Isolation as the administrator wants it, and as well as this machine keeps limits. Where there's none, what it opens is
 * refused.
 *
 * @param directory the bot's own; created if it's missing
 */
export async function openIsolation(
  { isolation, sandboxUser, sessions }: Pick<SelfHosting, "isolation" | "sandboxUser" | "sessions">,
  directory: string,
): Promise<Isolation> {
  let user: SandboxUser | null = null;
  try {
    user = sandboxUser === null ? null : await findSandboxUser(sandboxUser);
  } catch (error) {
    if (error instanceof IsolationUnavailable) return new Unavailable(error.trouble);
    throw error;
  }
  const options = {
    directory,
    user,
    cgroups: await findCgroups(),
    processors: processorsForEach(availableParallelism(), sessions),
  };
  return isolation === "none" ? new NoIsolation(options) : new BubblewrapIsolation(options);
}

class Unavailable implements Isolation {
  readonly isIsolated = true;
  readonly #trouble: IsolationTrouble;

  constructor(trouble: IsolationTrouble) {
    this.#trouble = trouble;
  }

  check(): Promise<IsolationState> {
    return Promise.resolve({ available: false, ...this.#trouble });
  }

  makeDirectory(): Promise<never> {
    return Promise.reject(new IsolationUnavailable(this.#trouble));
  }

  open(): Promise<never> {
    return Promise.reject(new IsolationUnavailable(this.#trouble));
  }
}
