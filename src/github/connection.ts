import type { Logger } from "pino";
import type { AppIdentity, GitHubApp } from "./app.ts";
import { createGitHubApp } from "./app.ts";
import type { Deliveries } from "./deliveries.ts";
import { createDeliveries } from "./deliveries.ts";
import type { Marks } from "./marks.ts";
import { createMarks } from "./marks.ts";
import type { Surveys } from "./survey.ts";
import { createSurveys } from "./survey.ts";
import type { Threads } from "./thread.ts";
import { createThreads } from "./thread.ts";
import type { GitHubTrouble } from "./trouble.ts";
import { troubleOf } from "./trouble.ts";

/** Everything that the bot does with GitHub as the App. */
export interface GitHubConnection extends Surveys, Threads, Marks {
  readonly app: GitHubApp;
  readonly deliveries: Deliveries;
  /** What a rejection of the others means; null when it is not GitHub's. */
  troubleOf(error: unknown): GitHubTrouble | null;
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
    ...createSurveys(app),
    ...createThreads(app),
    ...createMarks(app),
    troubleOf: (error) => troubleOf(error, new Date()),
  };
}
