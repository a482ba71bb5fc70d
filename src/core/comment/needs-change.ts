import type { FailureCode } from "../task/failure.ts";

/** False for what passes by itself, and where nobody knows what would have to be changed. */
export const NEEDS_CHANGE: Record<FailureCode, boolean> = {
  policy_blocked: true,
  not_entitled: true,
  quota_exceeded: true,
  bad_credentials: true,
  sso_required: true,
  content_excluded: true,
  model_not_available: true,
  rate_limited: false,
  start_timed_out: false,
  prompt_not_delivered: false,
  share_refused: true,
  runtime_unsupported: true,
  runtime_crashed: false,
  isolation_unavailable: true,
  limit_exceeded: false,
  checkout_failed: false,
  repository_not_found: true,
  app_not_permitted: true,
  mission_control_unreachable: false,
  github_unreachable: false,
  github_refused: false,
  ip_not_allowed: true,
  interrupted: false,
  unknown: false,
};
