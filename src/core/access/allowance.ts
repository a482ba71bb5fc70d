import type { Limit } from "../task/denial.ts";
import type { Policy } from "../policy/policy.ts";

/** How many tasks may start, as the policy says. */
export interface Allowance {
  readonly limits: readonly Limit[];
  /** How many may be running in the repository; null is no limit. */
  readonly atOnce: number | null;
}

export const WINDOW_MS: Readonly<Record<Limit["per"], number>> = {
  hour: 3_600_000,
  day: 86_400_000,
};

/** The limits that a policy sets. */
export function allowanceOf({ limits }: Policy): Allowance {
  const scopes = ["requester", "repository", "organization"] as const;
  const windows = ["hour", "day"] as const;
  return {
    atOnce: limits.atOnce,
    limits: scopes.flatMap((scope) =>
      windows.flatMap((per) => {
        const most = limits[scope][per];
        return most === null ? [] : [{ scope, per, most }];
      }),
    ),
  };
}
