import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

function isScenario({ moduleId }: TestSpecification): boolean {
  return moduleId.includes("/test/scenarios/");
}

/**
 * Scenarios wait most of their time and take longest: they are spread over the first two thirds of the run, so what
 * only needs a processor fills the gaps that they leave, and none is left over when all else is done.
 */
export class ScenariosBetween extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const scenarios = sorted.filter(isScenario);
    const others = sorted.filter((file) => !isScenario(file));
    const each = Math.max(1, Math.floor((others.length * 2) / 3 / Math.max(1, scenarios.length)));
    const mixed = scenarios.flatMap((scenario, index) => [
      scenario,
      ...others.slice(index * each, (index + 1) * each),
    ]);
    return [...mixed, ...others.slice(scenarios.length * each)];
  }
}
