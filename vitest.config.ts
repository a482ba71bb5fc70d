import { totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { defineConfig } from "vitest/config";
import { ScenariosBetween } from "./test/order.ts";
import { LeftOut } from "./test/left-out.ts";
import { ONLY_IN_CI } from "./test/only-in-ci.ts";
import { isComplete } from "./test/runs.ts";
import { SecondTries } from "./test/second-tries.ts";
import { hasChromium } from "./script/lib/chromium.ts";
import { hasBubblewrap } from "./test/isolation/bubblewrap.ts";
import { WITHOUT_SESSIONS } from "./test/scenarios/without-sessions.ts";
import { hasCaddy } from "./test/caddy.ts";
import { hasCmarkGfm } from "./test/cmark-gfm.ts";
import { hasSystemdAnalyze } from "./test/systemd-analyze.ts";
import { hasPromtool } from "./test/promtool.ts";
import { isPostgresThere, TEST_DATABASE_URL } from "./test/store/test-database.ts";

/** Without a database of theirs these say nothing, or the same as on SQLite. */
const ONLY_ON_SQLITE = [
  "test/store/{batcher,directory,durability,migrations,older-database,plans,sqlite,task-id,task-list-plans,task-row}.test.ts",
];
const ONLY_ON_POSTGRES = [
  "test/store/{lost-connection,postgres-rights,postgres-trouble}.test.ts",
  "test/queue/pg-boss.test.ts",
  "test/worker/{cut-off,killed-bot,killed-worker,many,rights,rows,sessions}.test.ts",
  "test/scenarios/{replicas,workers,workers-crash}.test.ts",
];

/** On PostgreSQL, CI alone repeats these. */
const REPEATED_ON_POSTGRES = [
  "test/store/*.test.ts",
  "test/scenarios/{bundle,flood,pages/admin}.test.ts",
];

/** What differs most between the databases: claims, starts, lists, and what is seen to change. */
const STORES = ["test/store/{claims,retries,starts,task-changes,task-lists,tasks}.test.ts"];

const ON_POSTGRES: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "on PostgreSQL",
    include: [...ONLY_ON_POSTGRES, ...STORES, ...(isComplete ? REPEATED_ON_POSTGRES : [])],
    exclude: [...ONLY_ON_SQLITE, ...(isComplete ? [] : ONLY_IN_CI)],
    env: { TEST_STORE: "postgres" },
  },
};

/** On the other family of runtimes. */
const ON_NEWEST: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "on the newest runtime",
    include: isComplete ? ["test/scenarios/**/*.test.ts"] : ["test/scenarios/start.test.ts"],
    exclude: [...WITHOUT_SESSIONS],
    // Each bot has a process more: one finds out the family, and another is the user's.
    maxConcurrency: 3,
    env: { TEST_RUNTIME: "newest" },
  },
};

/** Bytes that a worker takes at most, with the bot and the runtimes that it starts. */
const WORKER_BYTES = 1.5 * 2 ** 30;

/**
 * Scenarios mostly wait for the runtime: there are more of them at once than processors. In CI, fewer: what waits for its
 * turn is what fails sometimes.
 */
const MAX_WORKERS = Math.min(
  isComplete ? 6 : 8,
  Math.max(2, Math.floor(totalmem() / WORKER_BYTES)),
);

/** What answers in GitHub's place inside the process stays in Node's HTTP: these share workers with each other alone. */
const WITH_NOCK = ["test/github/**/*.test.ts"];

const hasPostgres = await isPostgresThere();
if (!hasPostgres) {
  const message = `PostgreSQL does not answer at ${new URL(TEST_DATABASE_URL).host}: set TEST_DATABASE_URL.`;
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The tests for it are skipped.\n`);
}

if (!hasCmarkGfm) {
  const message = "cmark-gfm isn't installed (Debian: apt-get install cmark-gfm).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The comparisons with GitHub's renderer are skipped.\n`);
}

if (!hasChromium) {
  const message = "Chromium isn't installed (Debian: apt-get install chromium-headless-shell).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The test of the pages in a browser is skipped.\n`);
}

if (!hasPromtool) {
  const message = "promtool isn't installed (Debian: apt-get install prometheus).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} Prometheus' checks of metrics and rules are skipped.\n`);
}

if (!hasCaddy) {
  const message = "Caddy isn't installed (Debian: apt-get install caddy).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The check of its file is skipped.\n`);
}

if (!hasBubblewrap) {
  const message = "bubblewrap or socat isn't installed (Debian: apt-get install bubblewrap socat).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The tests of isolation are skipped.\n`);
}

if (!hasSystemdAnalyze) {
  const message = "systemd-analyze isn't installed (Debian: apt-get install systemd).";
  if (isComplete) throw new Error(message);
  process.stderr.write(`${message} The checks of the unit are skipped.\n`);
}

// What Node compiles of packages and scripts is kept for the next worker, and for the programs that tests start.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
  new URL("node_modules/.cache/compiled-tests", import.meta.url),
);

export default defineConfig({
  // Packages as the bot runs them, and not what some have for development, which checks itself all the time.
  ssr: { resolve: { conditions: ["node"] } },
  test: {
    globalSetup: "test/bundle.ts",
    restoreMocks: true,
    unstubEnvs: true,
    maxWorkers: MAX_WORKERS,
    // A worker loads the bot, its packages and the runtime's once, and not again for each of 290 files.
    isolate: false,
    sequence: { sequencer: ScenariosBetween },
    // Scenarios run whole processes against real timeouts: on a busy machine, one in some thousands fails. CI runs a
    // failed test again and lists it in the end; a property that has found a counterexample stays failed.
    ...(isComplete
      ? {
          retry: { count: 1, condition: /^(?!Property failed)/u },
          reporters: ["default", new SecondTries()],
        }
      : {
          reporters: ["default", new LeftOut()],
          // Node loads what's tested, as it does when the bot runs from its sources. Only coverage needs Vite for it.
          experimental: { viteModuleRunner: false, nodeLoader: false },
        }),
    // Longer than what stories wait for, which then report what they have seen instead.
    testTimeout: 90_000,
    // What is polled for comes when the machine has time for it.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 90_000,
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: [...ONLY_ON_POSTGRES, ...WITH_NOCK, ...(isComplete ? [] : ONLY_IN_CI)],
        },
      },
      {
        extends: true,
        test: {
          name: "with nock",
          include: WITH_NOCK,
          exclude: [...(isComplete ? [] : ONLY_IN_CI)],
        },
      },
      ...(hasPostgres ? [ON_POSTGRES] : []),
      ON_NEWEST,
    ],
    coverage: {
      // Istanbul's, which counts in src alone: V8's own counts in packages too, and tests that compute a lot take
      // two to three times as long with it.
      provider: "custom",
      customProviderModule: "test/coverage.ts",
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
