import { expect, test } from "vitest";
import { createLabels } from "../../src/app/labelings.ts";
import { createLog } from "../../src/app/logging.ts";
import { timeoutsFrom } from "../../src/app/timeouts.ts";
import { createPolicySightings } from "../../src/runner/policy-sightings.ts";
import { added } from "../store/living.ts";
import { openStore } from "../store/opened.ts";

const TIMEOUTS = timeoutsFrom({
  SESSION_START_TIMEOUT_SECONDS: 60,
  GITHUB_RETRY_HOURS: 24,
  FOLLOW_MINUTES: 60,
  IDLE_MINUTES: 10,
});

const unasked = () => Promise.reject(new Error("GitHub isn't to be asked"));

test("with CREATE_LABELS=off, repositories that were added wait for no labels", async () => {
  const { labelings, installations } = await openStore();
  await installations.applyInstallationEvent(added([{ id: 1, name: "hello" }]));
  const environment = { CREATE_LABELS: "off", GHE_PROTOCOL: "https" } as const;
  const rounds = createLabels(
    {
      options: { environment, log: createLog("silent") },
      timeouts: TIMEOUTS,
      storage: { labelings },
      github: {
        policyFiles: { find: unasked },
        labels: { names: unasked, create: unasked },
        text: unasked,
        troubleOf: () => null,
      },
    },
    createPolicySightings(),
  );
  // The first round has begun, and is carried out to its end.
  await rounds.stop();
  expect(await labelings.progressOf(31)).toEqual({ waiting: 0, refused: 0, dueBy: null });
});
