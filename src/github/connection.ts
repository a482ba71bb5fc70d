import type { Logger } from "pino";
import type { Administrators } from "../ports/administrators.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { GitHub } from "../ports/github.ts";
import type { PolicyCheckRuns } from "../ports/policy-checks.ts";
import type { RepositoryLabels } from "../ports/labels.ts";
import type { PolicyFileSource } from "../ports/policies-in-force.ts";
import { createAdministrators } from "./administrators.ts";
import type { AppIdentity, GitHubApp } from "./app.ts";
import { createGitHubApp } from "./app.ts";
import { createAppSlug } from "./app-slug.ts";
import { createDeliveries } from "./deliveries.ts";
import { createRepositoryLabels } from "./labels.ts";
import { createPolicyFileSource } from "./policy-file-source.ts";
import { createMarks } from "./marks.ts";
import { createPolicyCheckRuns } from "./policy-check-runs.ts";
import { createPublishing } from "./publishing.ts";
import { createSubmodules } from "./submodules.ts";
import { createSurveys } from "./survey.ts";
import { createThreads } from "./thread.ts";
import { troubleOf } from "./trouble.ts";
import { createLocator } from "./whereabouts.ts";

/** Everything that the bot does with GitHub as the App. */
export interface GitHubConnection extends GitHub {
  readonly app: GitHubApp;
  readonly deliveries: Deliveries;
  readonly policyCheckRuns: PolicyCheckRuns;
  readonly administrators: Administrators;
  readonly labels: RepositoryLabels;
  readonly policyFiles: PolicyFileSource;
}

/** Connects to GitHub as the App; asks nothing yet. */
export async function connectToGitHub(
  identity: AppIdentity,
  log: Logger,
): Promise<GitHubConnection> {
  const app = await createGitHubApp(identity, log);
  return {
    app,
    deliveries: createDeliveries(app),
    policyCheckRuns: createPolicyCheckRuns(app),
    administrators: createAdministrators(app),
    slug: createAppSlug(app, log),
    labels: createRepositoryLabels(app),
    policyFiles: createPolicyFileSource(app),
    ...createSurveys(app),
    ...createThreads(app),
    ...createMarks(app),
    ...createLocator(app),
    ...createPublishing(app),
    ...createSubmodules(app),
    troubleOf: (error) => troubleOf(error, new Date()),
  };
}
