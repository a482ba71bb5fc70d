import type { Observation } from "../session/observation.ts";
import { progressAfter, progressOf } from "../session/progress.ts";
import type { ActorState } from "./state.ts";

/** An actor that has observed more. */
export function withObservations(
  state: ActorState,
  more: readonly Observation[],
  elsewhere: readonly string[] = [],
): ActorState {
  if (more.length === 0) return state;
  const [one] = more;
  const observations = [...state.seen.observations, ...more];
  // Sessions report thousands of things, mostly one after the other.
  const isNext = one !== undefined && more.length === 1 && isNewest(one, state.seen.observations);
  const seen = {
    observations,
    progress: isNext ? progressAfter(state.seen.progress, one) : progressOf(observations),
    elsewhere: new Set([...state.seen.elsewhere, ...elsewhere]),
  };
  const hasLink = state.link.type === "unknown" && more.some(({ type }) => type === "link");
  return { ...state, seen, link: hasLink ? { type: "reported" } : state.link };
}

function isNewest({ id, type, at }: Observation, before: readonly Observation[]): boolean {
  return before.every((seen) => seen.at <= at && (seen.id !== id || seen.type !== type));
}
