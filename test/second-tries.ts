import type { Reporter, TestModule } from "vitest/node";

/** At the end of a run, names the tests that passed only when they were run again: each is a defect to look into. */
export class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap(({ relativeModuleId, project, children }) =>
      [...children.allTests()]
        .filter((test) => test.diagnostic()?.flaky === true)
        .map((test) => {
          const [error] = test.result().errors ?? [];
          return `  ${project.name}: ${relativeModuleId} > ${test.fullName}\n    ${error?.message ?? ""}`;
        }),
    );
    if (lines.length === 0) return;
    process.stdout.write(`\nPassed only at the second try:\n${lines.join("\n")}\n`);
  }
}
