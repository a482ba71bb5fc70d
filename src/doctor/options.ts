import type { CopilotToken } from "../config/copilot-tokens.ts";
import type { Environment } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { GitHubApp } from "../github/app.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import type { Audience, Conditions } from "./examination.ts";
import type { Manifest } from "./manifest.ts";
import type { Store } from "./store.ts";

/** What the doctor needs of what runs sessions. */
export interface CheckedBackend {
  /** Has it start where it isn't running. Rejects when it doesn't start. */
  running(): Promise<unknown>;
  /** What the doctor finds. Never rejects. */
  examine(options: CheckOptions): Promise<readonly Finding[]>;
}

/** What the doctor checks, and for whom. */
export interface DoctorOptions {
  readonly environment: Environment;
  /** Of these, what the Copilot runtime gets decides how Mission Control is reached. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly github: GitHubApp;
  readonly backend: CheckedBackend;
  readonly store: Store;
  readonly audience: Audience;
  readonly log: Conditions["log"];
  /** For each check, in milliseconds; 10 s by default. */
  readonly timeLimitMs?: number;
  /** The tokens that sessions can use; those of the environment by default. */
  readonly tokens?: readonly CopilotToken[];
  /** What the App needs; what app.yml says by default. */
  readonly manifest?: () => Manifest;
}

/** What a group of checks gets. */
export interface CheckOptions extends DoctorOptions {
  readonly tokens: readonly CopilotToken[];
  readonly conditions: Conditions;
}

/** The repository that is asked about; null for the bot in general. */
export type CheckSubject = RepositoryName | null;
