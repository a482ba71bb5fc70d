/** Every way in which an allowed task can fail to start. */
export type FailureCode =
  | "policy_blocked"
  | "not_entitled"
  | "bad_credentials"
  | "rate_limited"
  | "start_timed_out"
  | "prompt_not_delivered"
  | "runtime_unsupported"
  | "runtime_crashed"
  | "repository_not_found"
  | "app_not_permitted"
  | "mission_control_unreachable"
  | "github_unreachable"
  | "interrupted"
  | "unknown";

export interface Failure {
  readonly code: FailureCode;
  /** What was answered, for the log and (cleaned) for the user. */
  readonly message: string;
  /** The id of the Mission Control task, when a failure names one: it exists and may be at work. */
  readonly sessionId?: string;
  /** How long the other side asked to be left alone, in seconds. */
  readonly retryAfterSeconds?: number;
  /** True only when it is certain that no session was created. */
  readonly nothingCreated: boolean;
}

/** What a code means to people. */
export interface FailureMeaning {
  /** What happened, for the requester. */
  readonly sentence: string;
  /** Who can mend it, and where. Markdown. */
  readonly remedy: string;
}

/** Where GitHub's settings live, so that remedies link to them. `github` is an origin. */
export interface SettingsPlace {
  readonly github: string;
  readonly owner: string;
  readonly repository: string;
}

/** The sentence and the remedy of each failure: one place for the comment and the documentation. */
export function meaningOf(code: FailureCode, place: SettingsPlace): FailureMeaning {
  return MEANINGS[code](place);
}

const STATUS_PAGE = "[GitHub's status page](https://www.githubstatus.com)";

const MEANINGS: Record<FailureCode, (place: SettingsPlace) => FailureMeaning> = {
  policy_blocked: ({ github, owner }) => ({
    sentence: "A policy of the organisation or enterprise does not allow this Copilot session.",
    remedy: `An owner of the organisation can change it in the [Copilot policies of ${owner}](${github}/organizations/${owner}/settings/copilot/policies); where the enterprise decides, an owner of the enterprise can. Trying again changes nothing until then.`,
  }),
  not_entitled: ({ github, owner }) => ({
    sentence: "The account that the bot uses for Copilot has no right to Copilot cloud sessions.",
    remedy: `An owner of the organisation can give that account a seat in the [Copilot access settings of ${owner}](${github}/organizations/${owner}/settings/copilot/seat_management).`,
  }),
  bad_credentials: () => ({
    sentence: "Copilot did not accept the token that the bot uses.",
    remedy:
      "The administrator of the bot can set a new `COPILOT_GITHUB_TOKEN` and restart the bot: the old one has expired, was revoked, or lacks a permission.",
  }),
  rate_limited: () => ({
    sentence: "Too many sessions were started in a short time.",
    remedy: "Nobody needs to change anything: wait a few minutes.",
  }),
  start_timed_out: () => ({
    sentence: "The session was asked for, but its agent did not start in time.",
    remedy: `It may still start. ${STATUS_PAGE} tells of outages.`,
  }),
  prompt_not_delivered: () => ({
    sentence: "The session started, but it did not take the prompt.",
    remedy: "The session waits for words: you can open it and write to it yourself.",
  }),
  runtime_unsupported: () => ({
    sentence: "The Copilot runtime on the bot's machine cannot create cloud sessions.",
    remedy:
      "The administrator of the bot can install the versions that work together: `@github/copilot-sdk` 1.0.11 with `@github/copilot` 1.0.80.",
  }),
  runtime_crashed: () => ({
    sentence: "The Copilot runtime on the bot's machine stopped in the middle of this task.",
    remedy: "If this happens again, the administrator of the bot finds the reason in its log.",
  }),
  repository_not_found: ({ github, owner, repository }) => ({
    sentence: "Copilot cannot see this repository with the account that the bot uses.",
    remedy: `An administrator of the repository can give that account access in the [access settings of ${repository}](${github}/${owner}/${repository}/settings/access).`,
  }),
  app_not_permitted: ({ github, owner, repository }) => ({
    sentence:
      "GitHub does not let the bot's App do this: the App is not installed on this repository any more, or lacks a permission.",
    remedy: `An owner of ${owner} can add ${repository} to the App's repositories, or accept its permissions, in the [installed GitHub Apps of ${owner}](${github}/organizations/${owner}/settings/installations); for a person's account these are in the [settings of the account](${github}/settings/installations).`,
  }),
  mission_control_unreachable: () => ({
    sentence: "Mission Control did not answer as it should.",
    remedy: `${STATUS_PAGE} tells of outages; the administrator of the bot can check its network and \`COPILOT_MC_BASE_URL\`.`,
  }),
  github_unreachable: () => ({
    sentence: "GitHub did not answer the bot's questions about this repository.",
    remedy: `${STATUS_PAGE} tells of outages.`,
  }),
  interrupted: () => ({
    sentence: "The bot was cut off in the middle of this task and does not know how far it came.",
    remedy: "The bot never creates a second session by itself.",
  }),
  unknown: () => ({
    sentence: "The session could not be created, for a reason that the bot does not know.",
    remedy: "The administrator of the bot finds more in its log.",
  }),
};

/** The most often that the bot tries again by itself. */
const MOST_RETRIES = 3;
const PASSING: ReadonlySet<FailureCode> = new Set([
  "rate_limited",
  "runtime_crashed",
  "mission_control_unreachable",
  "github_unreachable",
]);

/**
 * How many milliseconds to wait before the bot tries again by itself, or null when it must not: the
 * failure is no passing one, a session may have been created, or it was tried often enough.
 *
 * @param chance from 0 to 1, for the jitter
 * @param firstDelayMs before the first retry; doubled with each
 */
export function retryDelayMs(
  failure: Failure,
  retries: number,
  chance: number,
  firstDelayMs: number,
): number | null {
  const { code, nothingCreated, retryAfterSeconds = 0 } = failure;
  if (!PASSING.has(code) || !nothingCreated || retries >= MOST_RETRIES) return null;
  return Math.max(retryAfterSeconds * 1000, firstDelayMs * 2 ** retries * (1 + chance));
}
