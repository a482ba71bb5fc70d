import type { Doctor } from "../doctor/doctor.ts";
import type { DoctorOptions } from "../doctor/options.ts";
import type { AppParts } from "./options.ts";

/** The doctor of this bot, who is loaded when somebody first asks. */
export function prepareDoctor(
  {
    options,
    storage,
    github,
    backend,
    machines,
  }: Pick<AppParts, "options" | "storage" | "github" | "backend" | "machines">,
  audience: DoctorOptions["audience"],
): Doctor {
  const { environment, variables, log } = options;
  return async (subject) => {
    const { createDoctor } = await import("../doctor/doctor.ts");
    const doctor = createDoctor({
      environment,
      variables: { ...variables, ...environment },
      github: github.app,
      backend,
      store: {
        ping: () => storage.tasks.checkWrite(),
        undelivered: (repository) => storage.tasks.undelivered(repository),
        connections: () => storage.connectionRows.count(),
        ...machines,
      },
      audience,
      log,
    });
    return doctor(subject);
  };
}
