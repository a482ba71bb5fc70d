import type { Reporter } from "vitest/node";

/** At the end of a run without CI=true, says what it leaves out. CONTRIBUTING.md has the list. */
export class LeftOut implements Reporter {
  onTestRunEnd(): void {
    process.stdout.write(
      "\nLeft out: what repeats other tests, from another side. CI=true runs it (CONTRIBUTING.md).\n",
    );
  }
}
