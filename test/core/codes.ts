import type { FailureCause, FailureCode } from "../../src/core/task/failure.ts";

/** Every code, with the causes that it may have. */
export const CAUSES: Record<FailureCode, readonly FailureCause[]> = {
  policy_blocked: ["repository", "model", "sandbox", "remote_control"],
  not_entitled: ["license_choice"],
  quota_exceeded: ["budget", "session_limit"],
  prompt_not_delivered: ["disconnected"],
  bad_credentials: ["permission", "token_policy"],
  sso_required: [],
  ip_not_allowed: [],
  content_excluded: [],
  model_not_available: [],
  rate_limited: [],
  start_timed_out: [],
  share_refused: ["share_policy", "share_account", "share_repository"],
  runtime_unsupported: [],
  runtime_crashed: [],
  isolation_unavailable: [
    "isolation_namespaces",
    "isolation_proc",
    "isolation_unit",
    "isolation_outdated",
    "isolation_programs",
    "isolation_processor",
    "isolation_root",
    "isolation_user",
    "isolation_directory",
  ],
  limit_exceeded: ["memory", "disk", "free_disk", "time"],
  checkout_failed: [],
  repository_not_found: ["write"],
  app_not_permitted: [
    "app_contents",
    "account_contents",
    "app_pull_requests",
    "account_pull_requests",
  ],
  mission_control_unreachable: [],
  github_unreachable: [],
  github_refused: [],
  interrupted: [],
  unknown: [],
};

export const CODES = Object.keys(CAUSES).filter((code): code is FailureCode => code in CAUSES);
