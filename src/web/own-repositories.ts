import { isAtLeast } from "../core/github/role.ts";
import type { ReadableRepository, RepositoryAddress, Viewer } from "../ports/viewing.ts";

/**
 * Whether somebody has a part in a repository, where the App is installed or they have a role. Everybody can read a
 * public one.
 */
export async function isOwnRepository(
  viewer: Pick<Viewer, "scope">,
  { id, role }: ReadableRepository,
): Promise<boolean> {
  if (isAtLeast(role, "triage")) return true;
  const { repositories } = await viewer.scope();
  return repositories.some((one) => one.id === id);
}

/** A repository in which the viewer has a part; null otherwise, which takes as long as where there's nothing. */
export async function findOwnRepository(
  viewer: Pick<Viewer, "scope" | "repository">,
  place: RepositoryAddress | null,
): Promise<ReadableRepository | null> {
  const repository = await viewer.repository(place);
  return repository !== null && (await isOwnRepository(viewer, repository)) ? repository : null;
}
