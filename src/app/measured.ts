import type { Authorization } from "../ports/authorization.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Measure } from "../ports/metrics.ts";

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
