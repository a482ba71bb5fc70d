import { z } from "zod";
import type { Role } from "../core/github/role.ts";
import type { ReadableRepository, ViewerInstallation } from "../ports/viewing.ts";

/** A page of one of GitHub's lists, and how long the list is. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

const permissions = z.object({
  admin: z.boolean().default(false),
  maintain: z.boolean().default(false),
  push: z.boolean().default(false),
  triage: z.boolean().default(false),
});

const repository = z.object({
  id: z.int().positive(),
  name: z.string(),
  owner: z.object({ id: z.int().positive(), login: z.string(), type: z.string() }),
  private: z.boolean(),
  permissions: permissions.optional(),
});

const installation = z.object({
  id: z.int().positive(),
  // An enterprise's account has no login.
  account: z.object({ id: z.int(), login: z.string() }),
  target_type: z.string(),
  suspended_at: z.string().nullable(),
});

const repositoryList = z.object({
  total_count: z.int().nonnegative(),
  repositories: z.array(z.unknown()),
});

const installationList = z.object({
  total_count: z.int().nonnegative(),
  installations: z.array(z.unknown()),
});

/** Reads a repository; null for what can't be one. */
export function readRepository(body: unknown): ReadableRepository | null {
  const { data } = repository.safeParse(body);
  if (data === undefined) return null;
  const { id, name, owner, private: isPrivate } = data;
  const ownerType = owner.type === "Organization" ? "Organization" : "User";
  const role = roleIn(data.permissions);
  return { id, owner: owner.login, ownerId: owner.id, ownerType, name, isPrivate, role };
}

/** Reads a page of `GET /user/installations/{installation_id}/repositories`; null for what can't be one. */
export function readRepositoryPage(body: unknown): ListPage<ReadableRepository> | null {
  const { data } = repositoryList.safeParse(body);
  if (data === undefined) return null;
  const items = data.repositories.flatMap((one) => readRepository(one) ?? []);
  return { items, total: data.total_count };
}

/** Reads a page of `GET /user/installations`; null for what can't be one. */
export function readInstallationPage(body: unknown): ListPage<ViewerInstallation> | null {
  const { data } = installationList.safeParse(body);
  if (data === undefined) return null;
  const items = data.installations.flatMap((one) => readInstallation(one) ?? []);
  return { items, total: data.total_count };
}

function readInstallation(body: unknown): ViewerInstallation | null {
  const { data } = installation.safeParse(body);
  if (data === undefined) return null;
  const { id, account, target_type: type, suspended_at: suspendedAt } = data;
  const isOrganization = type === "Organization";
  return { id, account: { ...account, isOrganization }, isSuspended: suspendedAt !== null };
}

/** Whoever gets a repository can read it. */
function roleIn(may: z.infer<typeof permissions> | undefined): Role {
  if (may?.admin === true) return "admin";
  if (may?.maintain === true) return "maintain";
  if (may?.push === true) return "write";
  return may?.triage === true ? "triage" : "read";
}
