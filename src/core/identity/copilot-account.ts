import { z } from "zod";

/** What GitHub says of a Copilot account. What it doesn't say is null. */
export interface CopilotAccount {
  readonly login: string | null;
  /** e.g. `individual_pro`, `business`. */
  readonly plan: string | null;
  /** False where GitHub says that the account could sign up for Copilot, or has no access to it. */
  readonly hasCopilot: boolean | null;
  /** Base URL of the Copilot API. */
  readonly api: string | null;
  /** Whether sessions may be seen on GitHub, and be controlled from there. */
  readonly canBeSeen: boolean | null;
  readonly canBeControlled: boolean | null;
  /** Organizations that the account has its license from. */
  readonly organizations: readonly string[];
  /** What is left of the premium requests or AI credits; null without a limit. */
  readonly quota: { readonly percentLeft: number; readonly canBuyMore: boolean } | null;
  /** When the quota renews; ISO 8601. */
  readonly quotaRenewsAt: string | null;
}

/** What came of the question about an account. */
export interface AccountAnswer {
  readonly status: number;
  /** GitHub's words, where it refused. */
  readonly message: string;
  /** Null where GitHub refused, or answered something else. */
  readonly account: CopilotAccount | null;
}

const flag = z.boolean().nullable().catch(null);
const named = z.string().nullable().catch(null);
const quota = z.object({
  percent_remaining: z.number(),
  unlimited: z.boolean().default(false),
  overage_permitted: z.boolean().default(false),
});
const accountSchema = z.object({
  login: named,
  copilot_plan: named,
  access_type_sku: named,
  can_signup_for_limited: flag,
  endpoints: z.object({ api: z.url() }).nullable().catch(null),
  cli_remote_control_enabled: flag,
  cloud_session_storage_enabled: flag,
  organization_login_list: z.array(z.string()).catch([]),
  quota_reset_date_utc: named,
  quota_reset_date: named,
  quota_snapshots: z.object({ premium_interactions: quota }).nullable().catch(null),
});

/**
 * Reads the body of `GET /copilot_internal/user`, as people have reported it; it's undocumented, so anything may be
 * missing. Null for a body that isn't an object.
 */
export function readCopilotAccount(body: unknown): CopilotAccount | null {
  const { data: found } = accountSchema.safeParse(body);
  if (found === undefined) return null;
  const premium = found.quota_snapshots?.premium_interactions;
  const renews = new Date(found.quota_reset_date_utc ?? found.quota_reset_date ?? Number.NaN);
  return {
    login: found.login,
    plan: found.copilot_plan,
    hasCopilot: hasCopilot(found),
    api: found.endpoints?.api ?? null,
    canBeSeen: found.cloud_session_storage_enabled,
    canBeControlled: found.cli_remote_control_enabled,
    organizations: found.organization_login_list,
    quota:
      premium === undefined || premium.unlimited
        ? null
        : { percentLeft: premium.percent_remaining, canBuyMore: premium.overage_permitted },
    quotaRenewsAt: Number.isNaN(renews.getTime()) ? null : renews.toISOString(),
  };
}

function hasCopilot(found: z.infer<typeof accountSchema>): boolean | null {
  const { access_type_sku: sku, can_signup_for_limited: canSignUp } = found;
  if (sku === "no_access" || canSignUp === true) return false;
  return sku === null ? null : true;
}
