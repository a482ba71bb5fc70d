import { z } from "zod";
import type { WebhookEvent } from "./event.ts";
import { fullNameOf, id, login, repositoryName } from "./event.ts";
import type { Task } from "./task.ts";

/** What became of an installation of the App, as a whole. */
export interface InstallationChange {
  readonly type:
    | "installation_created"
    | "installation_deleted"
    | "installation_suspended"
    | "installation_unsuspended";
  readonly installationId: number;
  /** The account that the App is installed on; null where GitHub does not name it. */
  readonly ownerId: number | null;
  readonly owner: string | null;
  /** ISO 8601 in UTC; null when it is not suspended. */
  readonly suspendedAt: string | null;
  /** The newest time that the webhook tells: an older change is no news. ISO 8601 in UTC. */
  readonly at: string;
}

/** Repositories that the App may not see any more. */
export interface RepositoriesRemoved {
  readonly type: "repositories_removed";
  readonly installationId: number;
  readonly repositoryIds: readonly number[];
}

/** A repository's name and owner, as they are now. */
export interface RepositoryMoved extends Pick<
  Task,
  "repositoryId" | "ownerId" | "owner" | "repository" | "installationId"
> {
  readonly type: "repository_renamed" | "repository_transferred";
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** A repository that is no more. */
export interface RepositoryDeleted {
  readonly type: "repository_deleted";
  readonly repositoryId: number;
}

/** What a webhook tells of the life of installations and repositories. */
export type LifeChange = { readonly deliveryId: string } & Told;

type Told = InstallationChange | RepositoriesRemoved | RepositoryMoved | RepositoryDeleted;

/** Times come as text or, in some webhooks, as seconds since 1970. */
const time = z.union([z.int(), z.string()]).transform((value, context) => {
  const date = new Date(typeof value === "number" ? value * 1_000 : value);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  context.addIssue({ code: "custom", message: "no time" });
  return z.NEVER;
});

// An enterprise has a slug instead of a login.
const account = z.object({ id, login: login.optional(), slug: login.optional() });
const installation = z.object({
  id,
  account: account.nullish(),
  updated_at: time,
  suspended_at: time.nullish(),
});
const repository = z.object({
  id,
  name: repositoryName,
  owner: z.object({ id, login }),
  updated_at: time,
});

/** A reader for each `event.action` that the bot follows. Ids are what things are known by. */
const READERS: ReadonlyMap<string, z.ZodType<Told>> = new Map<string, z.ZodType<Told>>([
  ["installation.created", readerOfInstallation("installation_created")],
  ["installation.deleted", readerOfInstallation("installation_deleted")],
  ["installation.suspend", readerOfInstallation("installation_suspended")],
  ["installation.unsuspend", readerOfInstallation("installation_unsuspended")],
  [
    "installation_repositories.removed",
    z
      .object({
        installation: z.object({ id }),
        repositories_removed: z.array(z.object({ id })),
      })
      .transform((payload) => ({
        type: "repositories_removed" as const,
        installationId: payload.installation.id,
        repositoryIds: payload.repositories_removed.map((removed) => removed.id),
      })),
  ],
  ["repository.renamed", readerOfMove("repository_renamed")],
  ["repository.transferred", readerOfMove("repository_transferred")],
  [
    "repository.deleted",
    z.object({ repository: z.object({ id }) }).transform((payload) => ({
      type: "repository_deleted" as const,
      repositoryId: payload.repository.id,
    })),
  ],
]);

/** Each `event.action` that tells of installations and repositories. */
export const LIFE_EVENT_NAMES: readonly string[] = [...READERS.keys()];

function readerOfInstallation(type: InstallationChange["type"]) {
  return z.object({ installation }).transform((payload) => {
    const { id: installationId, account: owner, updated_at, suspended_at } = payload.installation;
    const suspendedAt = suspendedAtIn(type, suspended_at ?? null, updated_at);
    return {
      type,
      installationId,
      ownerId: owner?.id ?? null,
      owner: owner?.login ?? owner?.slug ?? null,
      suspendedAt,
      // Not every GitHub counts a suspension as a change of the installation.
      at: suspendedAt !== null && suspendedAt > updated_at ? suspendedAt : updated_at,
    };
  });
}

function suspendedAtIn(
  type: InstallationChange["type"],
  told: string | null,
  updatedAt: string,
): string | null {
  if (type === "installation_unsuspended") return null;
  return type === "installation_suspended" ? (told ?? updatedAt) : told;
}

function readerOfMove(type: RepositoryMoved["type"]) {
  return z
    .object({ repository, installation: z.object({ id }).nullish() })
    .transform((payload) => ({
      type,
      repositoryId: payload.repository.id,
      ownerId: payload.repository.owner.id,
      owner: payload.repository.owner.login,
      repository: payload.repository.name,
      installationId: payload.installation?.id ?? null,
      at: payload.repository.updated_at,
    }));
}

/**
 * Reads a webhook: what became of an installation or a repository, null when it tells of neither, or
 * the paths of the fields that are not as GitHub sends them (never their values).
 */
export function readLifeEvent(event: WebhookEvent): LifeChange | null | { readonly wrong: string } {
  const result = READERS.get(fullNameOf(event))?.safeParse(event.payload);
  if (result === undefined) return null;
  if (result.success) return { deliveryId: event.deliveryId, ...result.data };
  return { wrong: result.error.issues.map((problem) => problem.path.join(".")).join(", ") };
}
