import type { KnownRepository } from "../ports/viewing.ts";

/** A repository by name. */
export interface RepositoryName {
  readonly owner: string;
  readonly repository: string;
}

/** The App as GitHub has it. */
export interface AppFacts {
  /** Null if GitHub doesn't say. */
  readonly slug: string | null;
  /** Null if GitHub doesn't say. */
  readonly clientId: string | null;
  /** Its page, where it can be installed. */
  readonly url: string;
  /** Null for an enterprise, which has no login. */
  readonly owner: { readonly login: string; readonly type: string } | null;
  readonly permissions: AppPermissions;
  readonly events: readonly string[];
}

/** Levels (`read`, `write`, `admin`) by the permission's name. */
export type AppPermissions = Readonly<Record<string, string>>;

/** Where and how GitHub sends the App's webhooks. */
export interface HookFacts {
  readonly url: string | null;
  readonly contentType: string | null;
  readonly verifiesCertificates: boolean;
  readonly hasSecret: boolean;
}

/** One attempt to deliver a webhook. */
export interface DeliveryFacts {
  /** The same for all attempts to deliver one event. */
  readonly deliveryId: string;
  /** ISO 8601. */
  readonly at: string;
  /** 0 when there was no answer. */
  readonly status: number;
  /** With the action, e.g. `issues.labeled`. */
  readonly event: string;
}

/** An installation of the App. */
export interface InstallationFacts {
  readonly id: number;
  readonly account: string;
  readonly isOrganization: boolean;
  /** Its settings page. */
  readonly url: string;
  readonly repositories: "all" | "selected";
  readonly suspended: boolean;
  readonly permissions: AppPermissions;
}

/** Repositories of an installation. */
export interface InstalledRepositories {
  readonly repositories: readonly KnownRepository[];
  /** Of all of them, also of those that aren't listed. */
  readonly count: number;
}
