import type { Sampler } from "@opentelemetry/sdk-trace";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";

/** Which traces are recorded, by the names and numbers of OpenTelemetry's variables. */
export interface Sampling {
  readonly sampler: string;
  /** From 0 to 1: for the samplers that take a ratio. */
  readonly ratio: number;
}

/**
 * The sampler of that name. A task's first span has no parent, so with and without `parentbased_` the choice is that of
 * the trace; all that follows goes with it.
 */
export function samplerOf({ sampler, ratio }: Sampling): Sampler {
  return new ParentBasedSampler({ root: rootSampler(sampler, ratio) });
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name.endsWith("always_off")) return new AlwaysOffSampler();
  if (name.endsWith("traceidratio")) return new TraceIdRatioBasedSampler(ratio);
  return new AlwaysOnSampler();
}
