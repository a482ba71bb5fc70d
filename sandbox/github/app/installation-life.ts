import type { Parts } from "../parts.ts";
import { accountOf } from "../rest/accounts.ts";
import { installationOf } from "../rest/app.ts";
import { briefRepositoryOf } from "../rest/repositories.ts";
import { administrator, organization } from "../seed.ts";
import type { Json } from "../shapes.ts";
import { timestamp } from "../shapes.ts";
import type { RepositoryRecord } from "../state/records.ts";
import { accountOf as accountWith, findRepository } from "../state/state.ts";

/** What the organization's owner does with the installation; resolves when the bot has answered the webhook. */
export interface InstallationLife {
  /** The installation's id; another one after it was created anew. */
  readonly id: number;
  /** What the organization has granted to the App. */
  readonly permissions: Record<string, string>;
  suspend(): Promise<void>;
  unsuspend(): Promise<void>;
  delete(): Promise<void>;
  /** Installs the App again. */
  create(): Promise<void>;
  /** Takes a repository of the organization's from the installation. */
  removeRepository(name: string): Promise<void>;
  /** Gives a repository back to the installation. */
  addRepository(name: string): Promise<void>;
  /** Grants what the App asks for now. */
  acceptPermissions(): Promise<void>;
}

/** Lets the organization's owner act; an App gets these webhooks without subscribing to them. */
export function installationLife(parts: Parts): InstallationLife {
  const { clock, deliveries, host, installation, settings, state } = parts;
  const owner = accountWith(state, administrator);

  async function send(event: string, action: string, about: Json = {}): Promise<void> {
    const sender = accountOf(host, owner);
    const payload = { action, installation: installationOf(parts), ...about, sender };
    await deliveries.send({ event, action, payload });
  }

  const tellAll = (action: string, repositories: readonly RepositoryRecord[]) =>
    send("installation", action, { repositories: repositories.map(briefRepositoryOf) });

  async function select(name: string, selected: boolean): Promise<void> {
    const repository = findRepository(state, { owner: organization, repo: name });
    if (repository === undefined) throw new Error(`There is no ${organization}/${name}`);
    installation.select(repository, selected);
    const changed = [briefRepositoryOf(repository)];
    await send("installation_repositories", selected ? "added" : "removed", {
      repository_selection: installation.now.selection,
      repositories_added: selected ? changed : [],
      repositories_removed: selected ? [] : changed,
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
      installation.change({ status: "suspended", suspendedAt, suspendedBy: owner });
      await send("installation", "suspend");
    },
    async unsuspend() {
      installation.change({ status: "active", suspendedAt: null, suspendedBy: null });
      await send("installation", "unsuspend");
    },
    async delete() {
      const repositories = installation.repositories();
      installation.delete();
      await tellAll("deleted", repositories);
    },
    async create() {
      installation.create();
      await tellAll("created", installation.repositories());
    },
    removeRepository: (name) => select(name, false),
    addRepository: (name) => select(name, true),
    async acceptPermissions() {
      installation.change({ permissions: { ...settings.permissions } });
      await tellAll("new_permissions_accepted", installation.repositories());
    },
  };
}
