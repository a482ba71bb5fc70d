import type { Reporter } from "vitest/node";

/** At the end of a run without CI=true, says what it leaves out. CONTRIBUTING.md has the list. */
export class LeftOut implements Reporter {
  onTestRunEnd(): void {
    process.stdout.write(
      "\nLeft out: variants, most of the newest runtime, chaos, the npm package, the image. CI=true runs them (CONTRIBUTING.md).\n",
    );
  }
}
