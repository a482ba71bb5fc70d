import { hostname } from "node:os";
import pTimeout from "p-timeout";
import { isNamedIn } from "../config/admins.ts";
import type { Person } from "../core/identity/connection.ts";
import { findAppOwner } from "../github/app-owner.ts";
import type { Administration } from "../ports/administration.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import { createHealthChecks } from "./health-checks.ts";
import type { AppParts } from "./options.ts";
import { prepareDoctor } from "./own-doctor.ts";
import { now } from "./task-options.ts";

type Needs = Pick<AppParts, "options" | "storage" | "github" | "backend" | "machines">;

/** In milliseconds: pages wait for the answer. */
const WAIT_MS = 5_000;

/** Who administers this bot, and what they see of this process. */
export function createAdministration(parts: Needs): Administration {
  const { options, backend, machines } = parts;
  const { environment, log } = options;
  const replica = environment.DATABASE_URL === undefined ? null : hostname();
  const doctor = prepareDoctor(parts, "administrator");
  return {
    async isAdministrator(person) {
      if (isNamedIn(environment.ADMINS, person)) return true;
      const message = new ViewingTrouble(
        "unreachable",
        "GitHub didn't say in time whose the App is",
      );
      return pTimeout(ownsApp(parts, person), { milliseconds: WAIT_MS, message });
    },
    ...createHealthChecks({ examine: () => doctor(null), now, log }),
    runtimes() {
      const { state, version, cloudSessions } = backend.status();
      const { processes, waiting } = backend.reading();
      return { state, version, cloudSessions, processes, waiting, replica };
    },
    async machines() {
      return environment.selfHosting === null ? null : machines.machines();
    },
  };
}

/** Whether somebody administers the account that owns the App. */
async function ownsApp({ github }: Pick<Needs, "github">, person: Person): Promise<boolean> {
  const owner = await findAppOwner(github.app);
  return owner !== null && github.administrators.administers(person, owner, null);
}
