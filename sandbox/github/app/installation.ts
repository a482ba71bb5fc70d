import type { Actors } from "../actors.ts";
import { botLogin, installationId, organization } from "../seed.ts";
import type { AccountRecord, RepositoryRecord } from "../state/records.ts";
import type { State } from "../state/state.ts";
import { repositoriesOf } from "../state/state.ts";
import type { AppSettings } from "./settings.ts";

/** How the installation stands. */
export interface Standing {
  readonly id: number;
  readonly status: "active" | "suspended" | "deleted";
  readonly suspendedAt: string | null;
  readonly suspendedBy: AccountRecord | null;
  /** What the organization has granted; what the App asks for later is not granted until it is accepted. */
  readonly permissions: Record<string, string>;
  /** `selected` once a repository was taken from it. */
  readonly selection: "all" | "selected";
}

/** The App's installation on the organization. */
export interface Installation {
  readonly now: Standing;
  /** Whether the repository is one of the installation's. */
  covers(repository: RepositoryRecord): boolean;
  /** Whether the App can read the repository now. */
  isOpenTo(repository: RepositoryRecord): boolean;
  /** Whether the App gets this event of this repository. */
  getsEvent(event: string, repository: RepositoryRecord): boolean;
  /** Whether one of the permissions is granted, at least at this level. */
  grants(names: readonly string[], level: string): boolean;
  repositories(): readonly RepositoryRecord[];
  change(changes: Partial<Standing>): void;
  /** Takes a repository from the installation, or gives it back. */
  select(repository: RepositoryRecord, selected: boolean): void;
  delete(): void;
  /** Reinstalls the App, on all repositories and with another id. */
  create(): void;
}

const LEVELS = ["read", "write", "admin"];

/** Whether one of the permissions is among those that are given, at least at this level. */
export function includesOne(
  given: Readonly<Record<string, string>>,
  names: readonly string[],
  level: string,
): boolean {
  return names.some((name) => LEVELS.indexOf(given[name] ?? "") >= LEVELS.indexOf(level));
}

/** Installs the App with what it asks for. */
export function createInstallation(
  settings: AppSettings,
  state: State,
  actors: Actors,
): Installation {
  const removed = new Set<number>();
  let now = fresh(installationId, settings);

  function covers({ id, owner }: RepositoryRecord): boolean {
    return now.status !== "deleted" && owner.login === organization && !removed.has(id);
  }

  return {
    get now() {
      return now;
    },
    covers,
    isOpenTo: (repository) => now.status === "active" && covers(repository),
    // GitHub sends an App nothing about what happens while its installation is suspended.
    getsEvent: (event, repository) =>
      now.status === "active" && settings.events.includes(event) && covers(repository),
    grants: (names, level) => includesOne(now.permissions, names, level),
    repositories: () => repositoriesOf(state, organization).filter(covers),
    change: (changes) => void (now = { ...now, ...changes }),
    select({ id }, selected) {
      if (selected) removed.delete(id);
      else removed.add(id);
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
