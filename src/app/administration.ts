import { hostname } from "node:os";
import type { Administration } from "../ports/administration.ts";
import { createHealthChecks } from "./health-checks.ts";
import type { AppParts } from "./options.ts";
import { prepareDoctor } from "./own-doctor.ts";
import { now } from "./task-options.ts";

/** What a bot's administration takes. */
export type AdministrationNeeds = Pick<AppParts, "options" | "storage" | "github" | "backend">;

/** Who administers this bot, and what they see of this process. */
export function createAdministration(parts: AdministrationNeeds): Administration {
  const { options, backend } = parts;
  const { environment, log } = options;
  const admins = new Set(environment.ADMINS);
  const replica = environment.DATABASE_URL === undefined ? null : hostname();
  const doctor = prepareDoctor(parts, "administrator");
  return {
    isAdministrator: async ({ login }) => admins.has(login.toLowerCase()),
    ...createHealthChecks({ examine: () => doctor(null), now, log }),
    runtimes() {
      const { state, version, cloudSessions } = backend.status();
      const { processes, waiting } = backend.reading();
      return { state, version, cloudSessions, processes, waiting, replica };
    },
  };
}
