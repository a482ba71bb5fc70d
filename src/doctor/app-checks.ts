import type { Connecting } from "../config/connecting.ts";
import { webOrigin } from "../config/environment.ts";
import type { Finding } from "../core/doctor/finding.ts";
import type { AppCheckup } from "../github/checkup.ts";
import type { AppFacts } from "../github/app-facts.ts";
import { createAppCheckup } from "../github/checkup.ts";
import {
  judgeApp,
  judgeClock,
  judgeEvents,
  judgePermissions,
  judgeRefusal,
  neededPermissions,
} from "./app.ts";
import type { Check } from "./examination.ts";
import { examine, examineAll } from "./examination.ts";
import { CONNECTING, judgeCallback, judgeClientId } from "./connecting.ts";
import { judgeInstallations } from "./installation.ts";
import { examineInstallation } from "./installation-checks.ts";
import { readManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { CheckOptions, CheckSubject } from "./options.ts";
import type { Places } from "./places.ts";
import { placesOf } from "./places.ts";
import { ROOT } from "./root.ts";
import { judgeDeliveries, judgeHook, judgeSecret } from "./webhook.ts";

/** The App first: without an answer about it there is nothing to compare the rest with. */
export async function examineApp(
  options: CheckOptions,
  subject: CheckSubject,
): Promise<readonly Finding[]> {
  const { github, conditions } = options;
  const checkup = createAppCheckup(github);
  let app: AppFacts | undefined;
  const first: Check = {
    what: "App",
    async look() {
      try {
        app = await checkup.app();
        return judgeApp(app);
      } catch (error) {
        const refusal = judgeRefusal(error);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
  const clock: Check = {
    what: "clock",
    look: async () => judgeClock(await checkup.clockAheadMs()),
  };
  const [known, synced] = await Promise.all([
    examine(first, conditions),
    examine(clock, conditions),
  ]);
  if (app === undefined) return [...known, ...synced];
  const installed =
    subject === null
      ? examine(checkOfInstallations(checkup, app), conditions)
      : examineInstallation(options, { checkup, app, subject });
  const settings = examineAll(checksOfSettings(options, checkup, app), conditions);
  return [...known, ...(await settings), ...(await installed), ...synced];
}

function checksOfSettings(
  options: CheckOptions,
  checkup: AppCheckup,
  app: AppFacts,
): readonly Check[] {
  const { environment, audience, manifest = ownManifest } = options;
  const github = webOrigin(environment);
  const places = placesOf(app, github);
  const hasDatabase = environment.DATABASE_URL !== undefined;
  const { connecting, selfHosting } = environment;
  return [
    ...(connecting === null ? [] : [checkOfConnecting(connecting, app, places)]),
    {
      what: "App permissions",
      look: async () =>
        judgePermissions(app, neededPermissions(manifest(), selfHosting !== null), places),
    },
    {
      what: "App events",
      look: async () => judgeEvents(app, manifest(), places),
    },
    {
      what: "webhook settings",
      look: async () => judgeHook(await checkup.hook(), { places, audience, github }),
    },
    // In a thread, strangers would learn that it's worth guessing.
    ...(audience === "thread" ? [] : [checkOfSecret(environment.WEBHOOK_SECRET, places)]),
    {
      what: "webhook deliveries",
      look: async () => judgeDeliveries(await checkup.deliveries(), places, hasDatabase),
    },
  ];
}

function checkOfConnecting(connecting: Connecting, app: AppFacts, places: Places): Check {
  return {
    what: CONNECTING,
    look: async () => [judgeClientId(connecting, app, places), judgeCallback(connecting, places)],
  };
}

function checkOfSecret(secret: string, places: Places): Check {
  return { what: "webhook secret", look: async () => judgeSecret(secret, places) };
}

function checkOfInstallations(checkup: AppCheckup, app: AppFacts): Check {
  return {
    what: "installations",
    look: async () => judgeInstallations(await checkup.installations(), app),
  };
}

function ownManifest(): Manifest {
  return readManifest(new URL("app.yml", ROOT));
}
