import type { AppFacts, InstallationFacts } from "../github/app-facts.ts";
import { createAppCheckup } from "../github/checkup.ts";
import type { GitHubConnection } from "../github/connection.ts";
import type { Labelings } from "../ports/labelings.ts";
import type { InstalledApp, Setup } from "../ports/setup.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { AppOptions } from "./options.ts";

/** What GitHub didn't say isn't asked for again before, in milliseconds. */
const ASK_AGAIN_MS = 60_000;

interface Options extends Pick<AppOptions, "environment" | "log"> {
  readonly github: Pick<GitHubConnection, "app" | "troubleOf">;
  readonly labelings: Pick<Labelings, "progressOf">;
  readonly now: () => Date;
}

/** The App's installations, as GitHub and the doctor see them. */
export function createSetup({ environment, log, github, labelings, now }: Options): Setup {
  const checkup = createAppCheckup(github.app);
  let known: { readonly url: string | null; readonly until: number } | null = null;

  async function report(app: AppFacts, installation: InstallationFacts): Promise<InstalledApp> {
    const { id, account, url, repositories, suspended } = installation;
    // Loaded only when somebody looks.
    const { examineSetup, missingPermissions } = await import("../doctor/setup.ts");
    const subject = { checkup, app, installation };
    const [there, findings, progress] = await Promise.all([
      suspended ? { repositories: [], count: 0 } : checkup.repositoriesOf(installation),
      examineSetup(subject, environment, log),
      environment.CREATE_LABELS === "off" ? null : labelings.progressOf(id),
    ]);
    return {
      installation: { id, account, url, repositories, isSuspended: suspended },
      missingPermissions: missingPermissions(installation, app),
      findings,
      repositories: there.repositories,
      repositoryCount: there.count,
      labelings: progress,
    };
  }

  return {
    async find(installationId) {
      try {
        const [app, installation] = await Promise.all([
          checkup.app(),
          checkup.installation(installationId),
        ]);
        return installation === null ? null : await report(app, installation);
      } catch (error) {
        if (github.troubleOf(error) === null) throw error;
        throw new ViewingTrouble("unreachable", "GitHub says nothing about the installation");
      }
    },
    async installUrl() {
      if (known !== null && now().getTime() < known.until) return known.url;
      try {
        const { url } = await checkup.app();
        known = { url: `${url}/installations/new`, until: Number.POSITIVE_INFINITY };
      } catch (error) {
        if (github.troubleOf(error) === null) throw error;
        known = { url: null, until: now().getTime() + ASK_AGAIN_MS };
      }
      return known.url;
    },
  };
}
