import type { Context } from "hono";
import { Hono } from "hono";
import { isAtLeast } from "../core/github/role.ts";
import type { ReadableRepository, RepositoryAddress, Viewer } from "../ports/viewing.ts";
import type { SignedIn } from "./guards.ts";
import type { PageParts } from "./options.ts";
import { findOwnRepository } from "./own-repositories.ts";
import { allowForms, pageViewer } from "./page-viewer.ts";
import { repositoryPage } from "./pages/repository-page.ts";
import type { RepositorySight } from "./pages/shown-settings.ts";

const NAME = /^[\w.-]{1,100}$/u;

/** The repository that an address names; null for a name that none can have. */
export function repositoryIn(c: Context): RepositoryAddress | null {
  const { owner = "", name = "" } = c.req.param();
  return NAME.test(owner) && NAME.test(name) ? { owner, name } : null;
}

/** A repository's page, for whoever has a part in it now. */
export function repositoryRoutes({ guards, hosts, lists, policies, publicUrl }: PageParts): Hono {
  async function show(c: Context, who: SignedIn): Promise<Response> {
    const { viewer } = who;
    // Strangers don't make the bot ask GitHub or the database about any public repository.
    const repository = await findOwnRepository(viewer, repositoryIn(c));
    if (repository === null) return c.notFound();
    const { id: repositoryId, owner, ownerId, ownerType, name } = repository;
    const [policy, figures, sight] = await Promise.all([
      policies.of(repository, null),
      lists.repository({ ownerId, repositoryId }, viewer.person.id),
      sightOf(viewer, repository),
    ]);
    // The bot does nothing where it isn't installed.
    if (policy === null) return c.notFound();
    allowForms(c);
    const { defaultBranch, reading } = policy;
    const view = {
      viewer: await pageViewer(who),
      publicUrl,
      place: { owner, ownerType, repository: name, hosts },
      sight,
      defaultBranch,
      reading,
      figures,
      events: `/repositories/${owner}/${name}/events`,
    };
    return c.html(repositoryPage(view));
  }

  return new Hono().get("/repositories/:owner/:name", guards.signedIn(show));
}

/** People with write access get the same from `/copilot config`. */
async function sightOf(
  viewer: Viewer,
  { owner, role }: ReadableRepository,
): Promise<RepositorySight> {
  if (isAtLeast(role, "write")) return { organizationFile: true, organizationUse: true };
  const defaults = await viewer.repository({ owner, name: ".github" });
  return { organizationFile: defaults !== null, organizationUse: false };
}
