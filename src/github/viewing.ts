import PQueue from "p-queue";
import type {
  ReadableRepository,
  ViewerGitHub,
  ViewerInstallation,
  ViewerScope,
} from "../ports/viewing.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import { readInstallationPage, readRepository, readRepositoryPage } from "./viewer-answers.ts";
import type { KeptPage } from "./viewer-lists.ts";
import { readList } from "./viewer-lists.ts";
import type { ViewerRequestOptions } from "./viewer-requests.ts";
import { createViewerRequests } from "./viewer-requests.ts";

/** Requests at once, for one viewer. */
const MAX_AT_ONCE = 6;

/** What an earlier scope was read from. */
interface KeptPages {
  readonly installations: readonly KeptPage<ViewerInstallation>[];
  /** By the installation's id. */
  readonly repositories: ReadonlyMap<number, readonly KeptPage<ReadableRepository>[]>;
}

const NOTHING: KeptPages = { installations: [], repositories: new Map() };

/** What viewers can read, by GitHub's REST API. */
export function createViewerGitHub(options: ViewerRequestOptions): ViewerGitHub {
  const ask = createViewerRequests(options);
  const keptOf = new WeakMap<ViewerScope, KeptPages>();

  async function readPages(token: string, earlier: KeptPages): Promise<KeptPages> {
    const shared = { ask, token, queue: new PQueue({ concurrency: MAX_AT_ONCE }) };
    const installations = await readList({
      ...shared,
      route: "GET /user/installations",
      parameters: {},
      read: readInstallationPage,
      earlier: earlier.installations,
    });
    // The App itself can read nothing where it's suspended.
    const active = itemsOf(installations).filter(({ isSuspended }) => !isSuspended);
    const lists = active.map(async ({ id }) => {
      const pages = await readList({
        ...shared,
        route: "GET /user/installations/{installation_id}/repositories",
        parameters: { installation_id: id },
        read: readRepositoryPage,
        earlier: earlier.repositories.get(id) ?? [],
      });
      return [id, pages] as const;
    });
    return { installations, repositories: new Map(await Promise.all(lists)) };
  }

  return {
    async scope(token, earlier) {
      const before = earlier === null ? NOTHING : (keptOf.get(earlier) ?? NOTHING);
      const pages = await readPages(token, before);
      const repositories = pages.repositories.values().flatMap(itemsOf).toArray();
      const scope = { installations: itemsOf(pages.installations), repositories };
      keptOf.set(scope, pages);
      return scope;
    },
    async repository(token, { owner, name }) {
      const parameters = { owner, repo: name };
      const answer = await ask({ token, route: "GET /repos/{owner}/{repo}", parameters });
      if (answer.type !== "found") return null;
      const found = readRepository(answer.data);
      if (found === null) throw new ViewingTrouble("unreachable", "GitHub's answer is unreadable");
      return found;
    },
  };
}

function itemsOf<Item>(pages: readonly KeptPage<Item>[]): readonly Item[] {
  return pages.flatMap(({ items }) => items);
}
