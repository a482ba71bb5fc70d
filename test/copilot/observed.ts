import type { Observation } from "../../src/core/session/observation.ts";
import type { CloudSession } from "../../src/ports/copilot.ts";

/** Everything that is observed of a session. */
export interface Observed {
  readonly seen: readonly Observation[];
  /** The first observation, past or to come, of this type. */
  readonly next: <Type extends Observation["type"]>(
    type: Type,
    matches?: (observation: Extract<Observation, { type: Type }>) => boolean,
  ) => Promise<Extract<Observation, { type: Type }>>;
}

/** Observes a session from now on. */
export function observe(session: Pick<CloudSession, "observe">): Observed {
  const seen: Observation[] = [];
  const waiting = new Set<() => void>();
  session.observe((observation) => {
    seen.push(observation);
    for (const look of waiting) look();
  });
  return {
    seen,
    next: (type, matches = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          for (const observation of seen) {
            if (!isOf(observation, type) || !matches(observation)) continue;
            waiting.delete(look);
            resolve(observation);
            return;
          }
        };
        waiting.add(look);
        look();
      }),
  };
}

function isOf<Type extends Observation["type"]>(
  observation: Observation,
  type: Type,
): observation is Extract<Observation, { type: Type }> {
  return observation.type === type;
}
