import { LRUCache } from "lru-cache";
import type { Administrators, GitHubAccount } from "../ports/administrators.ts";
import type { AdminRights } from "./admin-rights.ts";
import type {
  KnownRepository,
  ReadableRepository,
  RepositoryAddress,
  Viewer,
  ViewerGitHub,
  ViewerInstallation,
  ViewerScope,
} from "../ports/viewing.ts";
import { createAdministering } from "./administering.ts";
import type { ViewingSession } from "./scopes.ts";
import { createScopes } from "./scopes.ts";

/** In milliseconds: for so long, pages show what GitHub said before. */
const REMEMBERED_MS = 60_000;
/** The same for event streams, which end within a minute after the viewer's rights do. */
const WATCHED_MS = 45_000;
/** Over all sessions, of those that were found by their address. */
const MAX_FOUND = 10_000;

/** The viewers of the pages. */
export interface Viewers {
  /** For what a page shows: GitHub's answers are remembered for a minute. */
  toShow(session: ViewingSession): Viewer;
  /** For an event stream, which asks again and again: remembered for less than a minute. */
  toWatch(session: ViewingSession): Viewer;
  /** For what a form does: GitHub is asked each time. */
  toAct(session: ViewingSession): Viewer;
}

interface Options {
  readonly github: ViewerGitHub;
  readonly administrators: Administrators;
  readonly adminRights: AdminRights;
  readonly now: () => Date;
  /** A new secret, which is no repository's name. */
  readonly random: () => string;
}

interface Found {
  readonly repository: ReadableRepository;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
}

type Place = RepositoryAddress | KnownRepository;

/** Asks GitHub what people can read. Whether a session is over is for others to know. */
export function createViewers(options: Options): Viewers {
  const { github, administrators, adminRights, now, random } = options;
  const scopes = createScopes(github, now);
  const administers = createAdministering(administrators, now);
  const found = new LRUCache<string, Found>({
    max: MAX_FOUND,
  });

  async function askRepository(
    { viewerToken, person }: ViewingSession,
    place: Place | null,
  ): Promise<ReadableRepository | null> {
    // GitHub is asked in any case, so that the time doesn't show whether there's something.
    const address = place ?? { owner: person.login, name: random() };
    const repository = await github.repository(viewerToken, address);
    return place !== null && repository !== null && isAt(repository, place) ? repository : null;
  }

  async function repositoryOf(session: ViewingSession, place: Place | null, maxAgeMs: number) {
    const { repositories } = await scopes.of(session, maxAgeMs);
    const listed = repositories.find((one) => place !== null && isAt(one, place));
    if (listed !== undefined) return listed;
    const key = JSON.stringify([session.id, place]);
    const known = found.get(key);
    if (known !== undefined && now().getTime() - known.askedAt < maxAgeMs) return known.repository;
    const askedAt = now().getTime();
    const repository = await askRepository(session, place);
    // What isn't there isn't remembered: it's asked for again, as what's somebody else's.
    if (repository !== null) found.set(key, { repository, askedAt });
    return repository;
  }

  async function installationOf(session: ViewingSession, id: number | null, maxAgeMs: number) {
    const known = find(await scopes.of(session, maxAgeMs), id);
    return known ?? find(await scopes.ask(session), id);
  }

  const remembering = (maxAgeMs: number) => (session: ViewingSession) => ({
    ...personIn(session, adminRights, maxAgeMs),
    scope: () => scopes.of(session, maxAgeMs),
    repository: (place: Place | null) => repositoryOf(session, place, maxAgeMs),
    installation: (id: number | null) => installationOf(session, id, maxAgeMs),
    administers: (account: GitHubAccount, installationId: number | null) =>
      administers(session, account, installationId, maxAgeMs),
  });

  return {
    toShow: remembering(REMEMBERED_MS),
    toWatch: remembering(WATCHED_MS),
    toAct: (session) => ({
      ...personIn(session, adminRights, 0),
      scope: () => scopes.ask(session),
      repository: (place) => askRepository(session, place),
      installation: async (id) => find(await scopes.ask(session), id),
      administers: (account, installationId) => administers(session, account, installationId, 0),
    }),
  };
}

/** Who somebody is, whatever they can read. */
function personIn(session: ViewingSession, adminRights: AdminRights, maxAgeMs: number) {
  return {
    person: session.person,
    isAdmin: () => adminRights.isAdmin(session, maxAgeMs),
    showsAdminLink: () => adminRights.showsLink(session),
  };
}

function find({ installations }: ViewerScope, id: number | null): ViewerInstallation | null {
  return installations.find((one) => one.id === id) ?? null;
}

/** By its id, where that's known: names change hands. */
function isAt(repository: ReadableRepository, place: Place): boolean {
  if ("id" in place) return repository.id === place.id;
  return nameIn(repository) === nameIn(place);
}

function nameIn({ owner, name }: RepositoryAddress): string {
  return `${owner}/${name}`.toLowerCase();
}
