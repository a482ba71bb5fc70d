import { z } from "zod";
import type { ThreadPlace } from "../task/thread-place.ts";
import type { TaskPlace } from "../task/task.ts";
import { id, installation as through, login, ownerType, repositoryName, time } from "./fields.ts";
import type { WebhookReader } from "./reader.ts";
import { ignored, readerOf } from "./reader.ts";

/** What became of an installation of the App, as a whole. */
export interface InstallationChange {
  readonly type:
    | "installation_created"
    | "installation_deleted"
    | "installation_suspended"
    | "installation_unsuspended"
    /** An administrator has accepted the permissions that the App asks for. */
    | "installation_permitted";
  readonly installationId: number;
  /** The account that the App is installed on; null where GitHub does not name it. */
  readonly ownerId: number | null;
  readonly owner: string | null;
  /** ISO 8601 in UTC; null when it is not suspended. */
  readonly suspendedAt: string | null;
  /** Those that GitHub lists: all when it's created, none otherwise. */
  readonly repositories: readonly NamedRepository[];
  /** The newest time in the webhook: an older change is no news. ISO 8601 in UTC. */
  readonly at: string;
}

/** A repository in a list of its owner's. */
export interface NamedRepository {
  readonly id: number;
  readonly name: string;
}

/** Repositories that the App can see from now on. */
export interface RepositoriesAdded {
  readonly type: "repositories_added";
  readonly installationId: number;
  /** The account that the App is installed on; null where GitHub doesn't name it. */
  readonly ownerId: number | null;
  readonly owner: string | null;
  readonly repositories: readonly NamedRepository[];
}

/** Repositories that the App can't see anymore. */
export interface RepositoriesRemoved {
  readonly type: "repositories_removed";
  readonly installationId: number;
  readonly repositoryIds: readonly number[];
}

/** A repository's name and owner, as they are now. */
export interface RepositoryMoved extends Omit<TaskPlace, "movedFrom"> {
  readonly type: "repository_renamed" | "repository_transferred";
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** A repository that is no more. */
export interface RepositoryDeleted {
  readonly type: "repository_deleted";
  readonly repositoryId: number;
}

/** An issue that is in another repository now, under another number. */
export interface SubjectTransferred {
  readonly type: "subject_transferred";
  readonly repositoryId: number;
  readonly subjectNumber: number;
  readonly to: ThreadPlace;
}

/** What happened to an installation of the App, or to a repository. */
export interface InstallationEvent {
  readonly type: "installation_event";
  readonly deliveryId: string;
  readonly change:
    | InstallationChange
    | RepositoriesAdded
    | RepositoriesRemoved
    | RepositoryMoved
    | RepositoryDeleted
    | SubjectTransferred;
}

// An enterprise has a slug instead of a login.
const account = z.object({ id, login: login.nullish(), slug: login.nullish() });
const installation = z.object({
  id,
  account: account.nullish(),
  updated_at: time,
  suspended_at: time.nullish(),
});
const named = z.object({ id, name: repositoryName, owner: z.object({ id, login }) });
const repository = z.object({
  id,
  name: repositoryName,
  owner: z.object({ id, login, type: ownerType }),
  updated_at: time,
});

const listed = z.array(z.object({ id, name: repositoryName }));

export const repositoriesAdded = readerOfChange(
  { installation: z.object({ id, account: account.nullish() }), repositories_added: listed },
  (payload) => ({
    type: "repositories_added",
    installationId: payload.installation.id,
    ...ownerIn(payload.installation),
    repositories: payload.repositories_added,
  }),
);

/** A new repository of an account where the App is installed on all of them. */
export const repositoryCreated = readerOf(
  { repository: named, installation: through },
  ({ repository: created, installation: sentThrough }, { deliveryId }) => {
    const installationId = sentThrough?.id ?? null;
    if (installationId === null) return ignored("other_event");
    const { owner } = created;
    const change = {
      type: "repositories_added",
      installationId,
      ownerId: owner.id,
      owner: owner.login,
      repositories: [{ id: created.id, name: created.name }],
    } as const;
    return { type: "installation_event", deliveryId, change };
  },
);

export const repositoriesRemoved = readerOfChange(
  { installation: z.object({ id }), repositories_removed: z.array(z.object({ id })) },
  (payload) => ({
    type: "repositories_removed",
    installationId: payload.installation.id,
    repositoryIds: payload.repositories_removed.map((removed) => removed.id),
  }),
);

export const repositoryDeleted = readerOfChange(
  { repository: z.object({ id }) },
  ({ repository: { id: repositoryId } }) => ({ type: "repository_deleted", repositoryId }),
);

/** GitHub sends it for the repository in which the issue was. */
export const issueTransferred = readerOfChange(
  {
    repository: z.object({ id }),
    issue: z.object({ number: id }),
    changes: z.object({ new_issue: z.object({ number: id }), new_repository: named }),
    installation: through,
  },
  ({ repository: from, issue, changes, installation: sentThrough }) => ({
    type: "subject_transferred",
    repositoryId: from.id,
    subjectNumber: issue.number,
    to: {
      repositoryId: changes.new_repository.id,
      ownerId: changes.new_repository.owner.id,
      owner: changes.new_repository.owner.login,
      repository: changes.new_repository.name,
      installationId: sentThrough?.id ?? null,
      subjectNumber: changes.new_issue.number,
    },
  }),
);

/** A reader of what happened to the installation as a whole. */
export function installationReader(
  type: InstallationChange["type"],
): WebhookReader<InstallationEvent> {
  return readerOfChange({ installation, repositories: listed.nullish() }, (payload) => {
    const { id: installationId, updated_at, suspended_at } = payload.installation;
    const suspendedAt = suspendedAtIn(type, suspended_at ?? null, updated_at);
    return {
      type,
      installationId,
      ...ownerIn(payload.installation),
      suspendedAt,
      repositories: type === "installation_created" ? (payload.repositories ?? []) : [],
      // Not every GitHub counts a suspension as a change of the installation.
      at: suspendedAt !== null && suspendedAt > updated_at ? suspendedAt : updated_at,
    };
  });
}

function ownerIn({
  account: owner,
}: {
  readonly account?: z.output<typeof account> | null | undefined;
}) {
  return { ownerId: owner?.id ?? null, owner: owner?.login ?? owner?.slug ?? null };
}

function suspendedAtIn(
  type: InstallationChange["type"],
  stated: string | null,
  updatedAt: string,
): string | null {
  if (type === "installation_unsuspended") return null;
  return type === "installation_suspended" ? (stated ?? updatedAt) : stated;
}

/** A reader of a repository's new name or owner. */
export function moveReader(type: RepositoryMoved["type"]): WebhookReader<InstallationEvent> {
  return readerOfChange({ repository, installation: through }, (payload) => ({
    type,
    repositoryId: payload.repository.id,
    ownerId: payload.repository.owner.id,
    owner: payload.repository.owner.login,
    ownerType: payload.repository.owner.type,
    repository: payload.repository.name,
    installationId: payload.installation?.id ?? null,
    at: payload.repository.updated_at,
  }));
}

function readerOfChange<Shape extends z.ZodRawShape>(
  shape: Shape,
  changeIn: (payload: z.output<z.ZodObject<Shape>>) => InstallationEvent["change"],
): WebhookReader<InstallationEvent> {
  return readerOf(shape, (payload, { deliveryId }) => {
    return { type: "installation_event", deliveryId, change: changeIn(payload) };
  });
}
