import type { GitHubTroubleType } from "../github/trouble.ts";
import type { AuditStep } from "../task/audit.ts";
import type { Publication } from "../task/hosting.ts";
import type { Lane } from "../task/task.ts";
import type { PushStop } from "../workspace/push-check.ts";

/** Why a request to the route of webhooks isn't taken for one. */
export const WEBHOOK_REFUSALS = ["bad_request", "wrong_signature", "too_large", "no_room"] as const;

/** What came of a webhook. */
export type WebhookResult =
  | "queued"
  | "duplicate"
  | "applied"
  | "ignored"
  | "malformed"
  /** It may mention the bot, whose name isn't known yet: GitHub is asked to deliver it again. */
  | "postponed"
  /** The database is away: GitHub shows the delivery as failed. */
  | "not_stored"
  /** A defect of the bot. */
  | "failed"
  | (typeof WEBHOOK_REFUSALS)[number];

/** Which of GitHub's APIs a request is to. */
export type GitHubApi = "rest" | "graphql";

/** What came of a request to GitHub. A rate limit passes by itself. */
export type GitHubRequestResult = "ok" | "rate_limited" | GitHubTroubleType | "unknown";

/** How many requests GitHub still takes from an installation, or from the App itself, until it begins to count anew. */
export interface RequestBudget {
  readonly resource: "core" | "graphql" | "other";
  readonly remaining: number;
  readonly limit: number;
  /** In milliseconds since the epoch. */
  readonly resetAt: number;
}

/** What a task has come to. `ended`: its session is over. */
export type MeasuredOutcome = "denied" | "failed" | "canceled" | "ended";

/**
 * Something that is counted or timed. Every text in it is one of a fixed few, and none is what people wrote: each
 * combination of them is kept for as long as the bot runs.
 */
export type Measured =
  | {
      readonly type: "webhook";
      readonly event: string;
      readonly result: WebhookResult;
      readonly seconds: number;
    }
  | { readonly type: "task_step"; readonly step: AuditStep; readonly kind: string }
  | { readonly type: "task_outcome"; readonly outcome: MeasuredOutcome; readonly reason: string }
  | { readonly type: "command"; readonly command: string }
  /** People learn the link of a session that has its prompt: so long after the webhook, and after it was requested. */
  | {
      readonly type: "link_known";
      readonly sinceWebhookSeconds: number;
      readonly sinceRequestSeconds: number;
    }
  /** A task that was due waited for so long until it was processed. */
  | { readonly type: "queue_wait"; readonly lane: Lane; readonly seconds: number }
  | { readonly type: "queue_step"; readonly lane: Lane; readonly result: "done" | "failed" }
  | {
      readonly type: "github_request";
      readonly api: GitHubApi;
      readonly result: GitHubRequestResult;
      readonly seconds: number;
      /** Null where GitHub doesn't say. */
      readonly budget: RequestBudget | null;
      /** Whose budget it is: the same object for the same client of GitHub. */
      readonly client: object;
    }
  /** A machine of the administrator's has taken a session: so long after it was wanted there. */
  | { readonly type: "machine_taken"; readonly seconds: number }
  /** The same machine has opened it: so long after. */
  | { readonly type: "machine_opened"; readonly seconds: number }
  /** What the session of a task has come to that ran there. */
  | {
      readonly type: "machine_outcome";
      readonly outcome: Extract<MeasuredOutcome, "failed" | "ended">;
      readonly reason: string;
    }
  /** What became of commits there; why, where they weren't pushed. */
  | {
      readonly type: "machine_push";
      readonly result: Publication["type"];
      readonly reason: PushStop | "none";
    }
  | {
      readonly type: "token_refresh";
      readonly result: "granted" | "refused" | "unreachable";
    }
  /** GitHub was asked to deliver a webhook again that it couldn't deliver. */
  | { readonly type: "redelivery"; readonly result: "requested" | "impossible" };
