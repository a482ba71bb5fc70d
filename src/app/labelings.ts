import type { Environment } from "../config/environment.ts";
import { hostsOf } from "../core/github/hosts.ts";
import type { GitHubConnection } from "../github/connection.ts";
import type { Log } from "../ports/log.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { Rounds } from "../runner/lease/rounds.ts";
import { startRounds } from "../runner/lease/rounds.ts";
import type { PolicySightings } from "../runner/policy-sightings.ts";
import type { AppParts } from "./options.ts";

/** A connection, and the policies that were read through it. */
export interface Watched {
  readonly github: GitHubConnection;
  readonly sightings: PolicySightings;
}

/** The same connection, whose readings of policies are seen. */
export async function watchPolicies(github: GitHubConnection): Promise<Watched> {
  const { createPolicySightings } = await import("../runner/policy-sightings.ts");
  const sightings = createPolicySightings();
  return { github: watched(github, sightings), sightings };
}

function watched(github: GitHubConnection, sightings: PolicySightings): GitHubConnection {
  return {
    ...github,
    async survey(task) {
      const survey = await github.survey(task);
      const { repositoryId, installationId, ownerId, owner, repository } = task.place;
      if (installationId !== null) {
        const place = { repositoryId, installationId, ownerId, owner, repository };
        sightings.see(place, survey.policy);
      }
      return survey;
    },
    policyFiles: {
      async find(repository, installationId) {
        const there = await github.policyFiles.find(repository, installationId);
        if (there !== null && installationId !== null) {
          const { id: repositoryId, owner, name } = repository;
          const place = { repositoryId, installationId, ownerId: null, owner, repository: name };
          sightings.see(place, there.policy);
        }
        return there;
      },
    },
  };
}

/** What a bot creates labels with. */
type LabelParts = Pick<AppParts, "timeouts"> & {
  readonly options: {
    readonly environment: Pick<Environment, "CREATE_LABELS" | "GHE_HOST" | "GHE_PROTOCOL">;
    readonly log: Log;
  };
  readonly storage: Pick<AppParts["storage"], "labelings">;
  readonly github: Pick<AppParts["github"], "labels" | "policyFiles" | "text" | "troubleOf">;
};

/** Creates the labels that start tasks, unless the administrator doesn't want that. */
export function createLabels(parts: LabelParts, sightings: PolicySightings): Rounds {
  const { options, timeouts, storage, github } = parts;
  const { environment, log } = options;
  const rounds = { everyMs: timeouts.labelingsEveryMs, log, name: "labels" };
  if (environment.CREATE_LABELS === "off") {
    return startRounds(() => storage.labelings.turnOff(), rounds);
  }
  const common = {
    labelings: storage.labelings,
    sightings,
    policyFiles: github.policyFiles,
    labels: github.labels,
    troubleOf: (error: unknown) =>
      github.troubleOf(error instanceof ViewingTrouble ? error.cause : error),
    log,
    now: () => new Date(),
    chance: () => Math.random(),
    againMs: timeouts.reportAgainMs,
    giveUpMs: timeouts.giveUpMs,
  };
  const { web: origin } = hostsOf(environment);
  return startRounds(async (signal) => {
    // What reads policies isn't needed before the bot listens.
    const [{ doLabelings }, { createPolicies }] = await Promise.all([
      import("../runner/labelings.ts"),
      import("../runner/receive/policies.ts"),
    ]);
    await doLabelings({ ...common, policies: createPolicies(github, origin) }, signal);
  }, rounds);
}
