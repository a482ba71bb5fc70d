import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

function isScenario({ moduleId }: TestSpecification): boolean {
  return moduleId.includes("/test/scenarios/");
}

/** Files that wait for most of a minute: they begin first, so that in the end nothing is left but them. */
const LONGEST = [
  "test/worker/killed-worker.test.ts",
  "test/scenarios/replicas.test.ts",
  "test/scenarios/timed-out.test.ts",
  "test/hosting/local-host.test.ts",
  "test/isolation/runtime.test.ts",
  "test/workspace/workspaces.test.ts",
  "test/demo/demo.test.ts",
  "test/scenarios/follow/stop-early.test.ts",
];

function isLongest({ moduleId }: TestSpecification): boolean {
  return LONGEST.some((file) => moduleId.endsWith(file));
}

/** The projects whose files wait most for other processes, and take longest. */
const FIRST = ["on the newest runtime", "on PostgreSQL", "all"];

function rank(project: string): number {
  const place = FIRST.indexOf(project);
  return place === -1 ? FIRST.length : place;
}

/**
 * Scenarios wait most of their time and take longest: they are spread over the first two thirds of their project, so
 * what only needs a processor fills the gaps that they leave, and none is left over when all else is done. Projects
 * aren't mixed: a worker ends when the next file is of another one, and the next has to load everything again.
 */
export class ScenariosBetween extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...Map.groupBy(sorted, ({ project }) => project.name)];
    return projects.toSorted(([a], [b]) => rank(a) - rank(b)).flatMap(([, own]) => mixed(own));
  }
}

function mixed(files: readonly TestSpecification[]): TestSpecification[] {
  const longest = files.filter(isLongest);
  const rest = files.filter((file) => !isLongest(file));
  const scenarios = rest.filter(isScenario);
  const others = rest.filter((file) => !isScenario(file));
  const each = Math.max(1, Math.floor((others.length * 2) / 3 / Math.max(1, scenarios.length)));
  const first = scenarios.flatMap((scenario, index) => [
    scenario,
    ...others.slice(index * each, (index + 1) * each),
  ]);
  return [...longest, ...first, ...others.slice(scenarios.length * each)];
}
