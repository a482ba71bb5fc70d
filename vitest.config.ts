import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    restoreMocks: true,
    unstubEnvs: true,
    // Scenarios mostly wait for the runtime: more of them at once than there are processors.
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      include: ["src/**/*.ts"],
      // main.ts runs in processes of its own, in the scenarios and in the demo.
      exclude: ["src/main.ts"],
      reporter: ["text", "json-summary"],
      thresholds: { lines: 95, functions: 95, branches: 90 },
    },
  },
});
