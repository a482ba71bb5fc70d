import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import istanbul from "@vitest/coverage-istanbul";
import type { CoverageProviderModule } from "vitest/node";

/** How often the statements, functions, and branches of a file have run, with where they are in it. */
interface FileCoverage {
  readonly s: Readonly<Record<string, number>>;
  readonly f: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

/** Where Istanbul counts what runs of each file that this worker has loaded. */
const COUNTERS = "__VITEST_COVERAGE__";

function counted(): readonly (readonly [path: string, counts: FileCoverage])[] {
  const all: Record<string, FileCoverage> = Reflect.get(globalThis, COUNTERS) ?? {};
  return Object.entries(all);
}

function reachedIn({ s, f, b }: FileCoverage): number {
  const counts = [...Object.values(s), ...Object.values(f), ...Object.values(b).flat()];
  return counts.filter((count) => count > 0).length;
}

/** How much of each file was reached when it was last written. */
const written = new Map<string, number>();

/**
 * Istanbul's coverage. A worker runs many test files, most of which reach nothing new: of each, only the files of which
 * it has reached more are written, and the sum is of what is written. Istanbul's own module writes all that is loaded,
 * after each test file: gigabytes, which are read again at the end.
 */
const coverage: CoverageProviderModule = {
  getProvider: () => istanbul.getProvider(),
  takeCoverage(options) {
    const news = counted().filter(
      ([path, counts]) => reachedIn(counts) > (written.get(path) ?? -1),
    );
    if (news.length === 0) return null;
    for (const [path, counts] of news) written.set(path, reachedIn(counts));
    const file = join(options?.coverageFilesDirectory ?? "", `coverage-${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(Object.fromEntries(news)));
    return file;
  },
};

export default coverage;
