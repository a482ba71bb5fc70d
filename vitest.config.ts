import type { TestProjectInlineConfiguration } from "vitest/config";
import { defineConfig } from "vitest/config";
import { isPostgresThere, TEST_DATABASE_URL } from "./test/store/test-database.ts";

const ON_POSTGRES: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "on PostgreSQL",
    include: [
      "test/store/{tasks,insertion,claims,recovery,audit,starts,approvals,installations,erasure,audit-script,orders,closings,closing-order,find}.test.ts",
      "test/queue/pg-boss.test.ts",
      "test/scenarios/{bundle,replicas}.test.ts",
    ],
    env: { TEST_STORE: "postgres" },
  },
};

const hasPostgres = await isPostgresThere();
if (!hasPostgres) {
  const message = `PostgreSQL does not answer at ${new URL(TEST_DATABASE_URL).host}: set TEST_DATABASE_URL.`;
  if (process.env["CI"] === "true") throw new Error(message);
  process.stderr.write(`${message} The tests for it are skipped.\n`);
}

export default defineConfig({
  test: {
    globalSetup: "test/bundle.ts",
    restoreMocks: true,
    unstubEnvs: true,
    // Scenarios mostly wait for the runtime: more of them at once than there are processors.
    maxWorkers: 4,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: ["test/queue/pg-boss.test.ts", "test/scenarios/replicas.test.ts"],
        },
      },
      ...(hasPostgres ? [ON_POSTGRES] : []),
    ],
    coverage: {
      include: ["src/**/*.ts"],
      exclude: [
        // Runs in processes of its own, in the scenarios and in the demo.
        "src/main.ts",
        // Not run where there is no PostgreSQL.
        "src/queue/lane.ts",
        "src/queue/pg-boss.ts",
        "src/store/postgres.ts",
      ],
      reporter: ["text", "json-summary"],
      thresholds: { lines: 93, functions: 90, branches: 84 },
    },
  },
});
