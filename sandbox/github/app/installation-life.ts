import { briefly } from "../accounts.ts";
import type { Deliveries } from "../deliveries.ts";
import { administrator, organisation } from "../seed.ts";
import type { Account, Json, Repository } from "../shapes.ts";
import { timestamp } from "../shapes.ts";
import { describeInstallation } from "./installation-answers.ts";
import type { InstallationParts } from "./installation-answers.ts";

/** What the organisation's owner does with the installation; resolves when the bot has answered the webhook. */
export interface InstallationLife {
  /** The installation's id; another one after it was created anew. */
  readonly id: number;
  /** What the organisation has granted to the App. */
  readonly permissions: Record<string, string>;
  suspend(): Promise<void>;
  unsuspend(): Promise<void>;
  delete(): Promise<void>;
  /** Installs the App again. */
  create(): Promise<void>;
  /** Takes a repository of the organisation's from the installation. */
  removeRepository(name: string): Promise<void>;
  /** Gives a repository back to the installation. */
  addRepository(name: string): Promise<void>;
  /** Grants what the App asks for now. */
  acceptPermissions(): Promise<void>;
}

/** Lets the organisation's owner act; an App gets these webhooks without subscribing to them. */
export function installationLife(
  parts: InstallationParts,
  deliveries: Deliveries,
): InstallationLife {
  const { clock, installation, settings, state } = parts;
  const { owner, tell, tellAll } = herald(parts, deliveries);

  async function select(name: string, selected: boolean): Promise<void> {
    const repository = await state.repository({ owner: organisation, repo: name });
    if (repository === undefined) throw new Error(`There is no ${organisation}/${name}`);
    installation.select(repository, selected);
    const [added, removed] = selected ? [[repository], []] : [[], [repository]];
    await tell("installation_repositories", selected ? "added" : "removed", {
      repository_selection: installation.now.selection,
      repositories_added: added.map(shortly),
      repositories_removed: removed.map(shortly),
      requester: null,
    });
  }

  return {
    get id() {
      return installation.now.id;
    },
    get permissions() {
      return installation.now.permissions;
    },
    async suspend() {
      const suspendedAt = timestamp(new Date(clock.now()));
      installation.change({ status: "suspended", suspendedAt, suspendedBy: await owner() });
      await tell("installation", "suspend", {});
    },
    async unsuspend() {
      installation.change({ status: "active", suspendedAt: null, suspendedBy: null });
      await tell("installation", "unsuspend", {});
    },
    async delete() {
      const repositories = await installation.repositories();
      installation.delete();
      await tellAll("deleted", repositories);
    },
    async create() {
      installation.create();
      await tellAll("created", await installation.repositories());
    },
    removeRepository: (name) => select(name, false),
    addRepository: (name) => select(name, true),
    async acceptPermissions() {
      installation.change({ permissions: { ...settings.permissions } });
      await tellAll("new_permissions_accepted", await installation.repositories());
    },
  };
}

/** Sends webhooks about the installation, which the organisation's owner has caused. */
function herald(parts: InstallationParts, deliveries: Deliveries) {
  async function owner(): Promise<Account> {
    const account = await parts.state.account(administrator);
    if (account === undefined) throw new Error(`There is no ${administrator}`);
    return briefly(account);
  }

  async function tell(event: string, action: string, about: Json): Promise<void> {
    const installation = await describeInstallation(parts);
    const payload = { action, installation, ...about, sender: await owner() };
    await deliveries.send({ event, action, payload });
  }

  const tellAll = (action: string, repositories: readonly Repository[]) =>
    tell("installation", action, { repositories: repositories.map(shortly) });

  return { owner, tell, tellAll };
}

function shortly({ id, node_id, name, full_name, private: hidden }: Repository): Json {
  return { id, node_id, name, full_name, private: hidden };
}
