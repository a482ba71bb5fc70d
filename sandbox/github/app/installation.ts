import type { Actors } from "../actors.ts";
import { botLogin, installationId, organisation } from "../seed.ts";
import type { Account, Repository, RepositoryName } from "../shapes.ts";
import type { State } from "../state.ts";
import type { AppSettings } from "./settings.ts";

/** How the installation stands. */
export interface Standing {
  readonly id: number;
  readonly status: "active" | "suspended" | "deleted";
  readonly suspendedAt: string | null;
  readonly suspendedBy: Account | null;
  /** What the organisation has granted; what the App asks for later is not granted until it is accepted. */
  readonly permissions: Record<string, string>;
  /** `selected` once a repository was taken from it. */
  readonly selection: "all" | "selected";
}

/** The App's installation on the organisation. */
export interface Installation {
  readonly now: Standing;
  /** Whether the repository is one of the installation's. */
  covers(name: RepositoryName): Promise<boolean>;
  /** Whether the App gets this event of this repository. */
  hears(event: string, name: RepositoryName): Promise<boolean>;
  repositories(): Promise<readonly Repository[]>;
  change(changes: Partial<Standing>): void;
  /** Takes a repository from the installation, or gives it back. */
  select(repository: Repository, selected: boolean): void;
  delete(): void;
  /** Installs the App anew, on all repositories and with another id. */
  create(): void;
}

/** Installs the App with what it asks for. */
export function createInstallation(
  settings: AppSettings,
  state: State,
  actors: Actors,
): Installation {
  const removed = new Set<number>();
  let now = fresh(installationId, settings);

  async function covers(name: RepositoryName): Promise<boolean> {
    if (now.status === "deleted" || name.owner !== organisation) return false;
    if (removed.size === 0) return true;
    const repository = await state.repository(name);
    return repository === undefined || !removed.has(repository.id);
  }

  return {
    get now() {
      return now;
    },
    covers,
    // GitHub tells an App nothing of what happens while its installation is suspended.
    hears: async (event, name) =>
      now.status === "active" && settings.events.includes(event) && covers(name),
    async repositories() {
      const all = now.status === "deleted" ? [] : await state.repositories(organisation);
      return all.filter((repository) => !removed.has(repository.id));
    },
    change: (changes) => void (now = { ...now, ...changes }),
    select(repository, selected) {
      if (selected) removed.delete(repository.id);
      else removed.add(repository.id);
      now = { ...now, selection: "selected" };
    },
    delete() {
      now = { ...now, status: "deleted" };
      actors.forget(botLogin);
    },
    create() {
      removed.clear();
      now = fresh(now.id + 1, settings);
    },
  };
}

function fresh(id: number, settings: AppSettings): Standing {
  const permissions = { ...settings.permissions };
  const awake = { status: "active", suspendedAt: null, suspendedBy: null } as const;
  return { id, ...awake, permissions, selection: "all" };
}
