import type { Authorization } from "../ports/authorization.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Measure } from "../ports/metrics.ts";
import type { SessionHost } from "../ports/session-host.ts";

/** An authorization whose refreshes are counted. */
export function withCountedRefreshes(
  authorization: Authorization,
  measure: Measure | undefined,
): Authorization {
  return {
    ...authorization,
    async refresh(refreshToken) {
      const granted = await authorization.refresh(refreshToken);
      measure?.({ type: "token_refresh", result: granted.type });
      return granted;
    },
  };
}

/** Deliveries, of which those are counted that are asked for again. */
export function withCountedRedeliveries(
  deliveries: Deliveries,
  measure: Measure | undefined,
): Deliveries {
  return {
    ...deliveries,
    async repeat(attemptId) {
      const isRequested = await deliveries.repeat(attemptId);
      measure?.({ type: "redelivery", result: isRequested ? "requested" : "impossible" });
      return isRequested;
    },
  };
}

/** A host whose openings are timed: until a machine has taken a session, and from then on until it's open. */
export function withTimedOpenings(host: SessionHost, measure: Measure | undefined): SessionHost {
  if (measure === undefined) return host;
  return {
    ...host,
    async open(request, tokens, waiting) {
      const wantedAt = performance.now();
      let takenAt: number | null = null;
      const onTaken = (machine: string) => {
        takenAt ??= performance.now();
        waiting.onTaken(machine);
      };
      const opening = await host.open(request, tokens, { ...waiting, onTaken });
      if (takenAt !== null)
        measure({ type: "machine_taken", seconds: (takenAt - wantedAt) / 1_000 });
      if (takenAt !== null && opening.type === "started")
        measure({ type: "machine_opened", seconds: (performance.now() - takenAt) / 1_000 });
      return opening;
    },
  };
}
