/**
 * Scenarios that run on the default runtime alone, in CI too. Their bots never ask a runtime for anything, so its family
 * makes no difference to them. A world of theirs that asks Mission Control for anything fails (world.ts).
 */
export const WITHOUT_SESSIONS: readonly string[] = [
  "test/scenarios/governance/unknown-account.test.ts",
  "test/scenarios/pages/administrators.test.ts",
  "test/scenarios/pages/repositories.test.ts",
  "test/scenarios/pages/repository-readers.test.ts",
  "test/scenarios/pages/setup.test.ts",
  "test/scenarios/policy-check.test.ts",
];
