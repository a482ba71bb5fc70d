import type {
  InstallationChange,
  InstallationEvent,
  RepositoriesAdded,
  RepositoryMoved,
} from "../../src/core/webhook/installation-event.ts";
import { readAudit } from "../../src/store/audit.ts";
import { openStore } from "./opened.ts";

export const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE_MS = 60_000;

export const AT_NOON = new Date(NOON).toISOString();

/** A time as many minutes after noon. */
export const at = (minutes: number) => new Date(NOON + minutes * MINUTE_MS).toISOString();

let deliveries = 0;
/** What makes a delivery unique. */
function delivery() {
  deliveries += 1;
  return { type: "installation_event", deliveryId: `life-${deliveries}` } as const;
}

/** An event of installation 31, at noon. */
export function installation(
  type: InstallationChange["type"],
  changes: Partial<InstallationChange> = {},
): InstallationEvent {
  const time = changes.at ?? AT_NOON;
  const suspendedAt = type === "installation_suspended" ? time : null;
  const account = {
    installationId: 31,
    ownerId: 9_919,
    owner: "octo-org",
  } as const;
  const change = { type, ...account, suspendedAt, repositories: [], at: time, ...changes };
  return { ...delivery(), change };
}

/** Repositories that an installation of octo-org's can see from now on. */
export function added(
  repositories: RepositoriesAdded["repositories"],
  installationId = 31,
): InstallationEvent {
  const account = { installationId, ownerId: 9_919, owner: "octo-org" } as const;
  return { ...delivery(), change: { type: "repositories_added", ...account, repositories } };
}

/** Repositories that an installation can't see anymore. */
export function removed(repositoryIds: readonly number[], installationId = 31): InstallationEvent {
  return { ...delivery(), change: { type: "repositories_removed", installationId, repositoryIds } };
}

/** A repository that is deleted. */
export function deletedRepository(repositoryId: number): InstallationEvent {
  return { ...delivery(), change: { type: "repository_deleted", repositoryId } };
}

/** The repository `hello`, which is `world` from noon on. */
export function moved(changes: Partial<RepositoryMoved> = {}): InstallationEvent {
  const repository = {
    repositoryId: 1_296_269,
    ownerId: 9_919,
    owner: "octo-org",
    ownerType: "Organization",
  } as const;
  const names = { repository: "world", installationId: 31, at: AT_NOON };
  const change = { type: "repository_renamed", ...repository, ...names, ...changes } as const;
  return { ...delivery(), change };
}

/** A store with a clock that the test moves. */
export async function living() {
  let now = NOON;
  const store = await openStore(undefined, { now: () => new Date(now) });
  const rows = () => store.database.selectFrom("installations").selectAll().execute();
  const steps = async () => {
    const entries = await readAudit(store.database, { limit: 1_000 });
    return entries.map(({ taskId, step, reason }) => [taskId, step, reason]);
  };
  return { ...store, rows, steps, goTo: (minutes: number) => (now = NOON + minutes * MINUTE_MS) };
}
