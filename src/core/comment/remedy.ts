import type { Whose } from "./whose.ts";
import { providedOnes, requestersOwn } from "./whose.ts";
import { NEEDS_CHANGE } from "./needs-change.ts";
import { MACHINE_CAUSES, MACHINE_FAILURES } from "./machine-remedy.ts";
import { PERMISSION_CAUSES, PERMISSION_FAILURES } from "./permission-remedy.ts";
import type { FailureCause, FailureCode } from "../task/failure.ts";
import type { GitHubHosts } from "../github/hosts.ts";
import { STATUS_PAGE } from "../github/hosts.ts";
import type { SettingsPlace } from "../github/settings-pages.ts";
import { settingsOf } from "../github/settings-pages.ts";
import { capitalized, uncapitalized } from "../text/capitals.ts";
import type { ProvidedChoice } from "../policy/identity-choice.ts";

/** What a failure means to people. */
export interface Explanation {
  /** What happened, for the requester. */
  readonly sentence: string;
  /** Who can fix it, and where. Markdown. */
  readonly remedy: string;
  /** Whether somebody has to change something before a retry can help. */
  readonly needsChange: boolean;
}

interface Circumstances {
  readonly place: SettingsPlace;
  readonly pages: ReturnType<typeof settingsOf>;
  /** When it passes by itself: a date, e.g. `2026-12-01`. */
  readonly passesOn: string | null;
  readonly whose: Whose;
}

/** Of whom a failure is. */
interface Occasion {
  /** When it passes by itself; ISO 8601. */
  readonly passesAt?: string | null;
  /** The login of whoever's own Copilot the session was to use; null for an account that's provided. */
  readonly requester?: string | null;
  readonly account?: ProvidedChoice | null;
}

/** The sentence and the remedy of each failure: one place for the comment and the documentation. */
export function explain(
  code: FailureCode,
  cause: FailureCause | null,
  place: SettingsPlace,
  { passesAt = null, requester = null, account = null }: Occasion = {},
): Explanation {
  const passesOn = passesAt === null ? null : passesAt.slice(0, 10);
  const whose = requester === null ? providedOnes(account) : requestersOwn(requester, place.hosts);
  const circumstances = { place, pages: settingsOf(place), passesOn, whose };
  const special = cause === null ? undefined : CAUSES[cause];
  return { ...(special ?? CODES[code])(circumstances), needsChange: NEEDS_CHANGE[code] };
}

/** Whether there's an explanation of a code: entries of an older bot's may have others. */
export const isExplained = (code: string): code is FailureCode => Object.hasOwn(CODES, code);

type Explain = (circumstances: Circumstances) => Omit<Explanation, "needsChange">;

/** The account need not be of the organization that has the repository. */
const LICENSED =
  "If another organization provides the Copilot account's license, an owner of that organization can";
function outages({ kind }: GitHubHosts): string {
  return kind === "server"
    ? "Check the state of your GitHub Enterprise Server."
    : `[GitHub's status page](${STATUS_PAGE}) shows outages.`;
}

const CODES: Record<FailureCode, Explain> = {
  ...MACHINE_FAILURES,
  ...PERMISSION_FAILURES,
  policy_blocked: ({ place: { owner }, pages, whose }) => ({
    sentence: "A Copilot policy doesn't allow this session.",
    remedy: pages.isPerson
      ? `${owner} can allow Copilot cloud agent in ${pages.policies}. If an organization pays for ${uncapitalized(whose.account)}, an owner of that organization can allow it in its Copilot policies.`
      : `An organization owner can allow Copilot cloud agent in ${pages.policies}. If an enterprise policy applies, an enterprise owner can change it under **AI controls** in ${pages.enterprise}.`,
  }),
  not_entitled: ({ pages, whose }) => ({
    sentence: `${whose.account} isn't entitled to Copilot cloud sessions.`,
    remedy: pages.isPerson
      ? `The owner of that account can get a plan with Copilot cloud agent in ${pages.accountCopilot}.`
      : `An organization owner can give that account a license in ${pages.licenses}.`,
  }),
  quota_exceeded: ({ pages, passesOn, whose }) => ({
    sentence: `${whose.account} has used up its AI credits or premium requests.`,
    remedy: `${renewal(passesOn)} ${moreBudget(pages)}`,
  }),
  bad_credentials: ({ pages, whose }) => ({
    sentence: `Copilot didn't accept ${whose.token}.`,
    remedy: `The token expired, was revoked, or lacks a permission. ${whose.renewal(pages)}`,
  }),
  sso_required: ({ place: { owner }, pages, whose }) => ({
    sentence: `${owner} requires single sign-on, and ${whose.token} isn't authorized for it.`,
    remedy: `${whose.owner} can sign in on ${pages.signOn} and then authorize the token for ${owner} in ${pages.accountTokens}. Otherwise, ${uncapitalized(whose.renewal(pages))}`,
  }),
  ip_not_allowed: ({ place: { owner }, pages }) => ({
    sentence: `${owner} has an IP allow list, and an address that this session needs isn't on it.`,
    remedy: pages.isPerson
      ? `An enterprise owner can add the address of the bot's machine, and allow GitHub Apps and Copilot, under **IP allow list** in ${pages.enterprise}.`
      : `An organization owner can add the address of the bot's machine, and allow GitHub Apps and Copilot, under **IP allow list** in ${pages.security}. If the list is the enterprise's, an enterprise owner can change it in ${pages.enterprise}.`,
  }),
  content_excluded: ({ pages }) => ({
    sentence: "Content exclusion keeps Copilot from this repository or these files.",
    remedy: `An administrator of the repository can change it in ${pages.contentExclusion}${pages.isPerson ? "" : "; the organization and the enterprise have such settings, too"}.`,
  }),
  model_not_available: ({ pages, whose }) => ({
    sentence: `No model that this session can use is available to ${uncapitalized(whose.account)}.`,
    remedy: pages.isPerson
      ? `The owner of that account can enable models in ${pages.accountCopilot}.`
      : `An organization owner can enable models in ${pages.models}.`,
  }),
  rate_limited: () => ({
    sentence: "Too many sessions were started in a short time.",
    remedy: "No action is needed: wait a few minutes.",
  }),
  start_timed_out: ({ place: { hosts } }) => ({
    sentence: "The session was requested, but its agent didn't start in time.",
    remedy: `It may still start. ${outages(hosts)}`,
  }),
  prompt_not_delivered: () => ({
    sentence: "The session started but didn't confirm that it received your request.",
    remedy: "Open the session. If your request isn't there, send it there.",
  }),
  share_refused: (circumstances) => ({
    sentence: "Mission Control refused to show this session on GitHub.",
    remedy: viewAndControl(circumstances),
  }),
  runtime_unsupported: () => ({
    sentence: "The Copilot runtime on the bot's machine can't create cloud sessions.",
    remedy:
      "The bot's administrator: install the versions that work together, `@github/copilot-sdk` 1.0.11 with `@github/copilot` 1.0.80.",
  }),
  runtime_crashed: () => ({
    sentence: "The Copilot runtime on the bot's machine stopped during this task.",
    remedy: "If this happens again, the bot's log has the details.",
  }),
  repository_not_found: ({ pages, whose }) => ({
    sentence: `${whose.account} can't see this repository.`,
    remedy: `An administrator of the repository can give that account write access in ${pages.access}. With a fine-grained token, the account's owner also selects the repository in ${pages.accountTokens}.`,
  }),
  mission_control_unreachable: ({ place: { hosts } }) => ({
    sentence: "Mission Control didn't respond as expected.",
    remedy: `${outages({ ...hosts, kind: "cloud" })} The bot's administrator can check its network and \`COPILOT_MC_BASE_URL\`.`,
  }),
  github_refused: () => ({
    sentence: "GitHub refused the bot's requests about this thread for too long.",
    remedy:
      "The bot's log has GitHub's message. `script/doctor` shows whether other threads are affected.",
  }),
  github_unreachable: ({ place: { hosts } }) => ({
    sentence: "GitHub didn't answer the bot's questions about this repository.",
    remedy: outages(hosts),
  }),
  interrupted: () => ({
    sentence: "The bot was interrupted during this task and doesn't know how far it got.",
    remedy: "The bot never creates a second session by itself.",
  }),
  unknown: () => ({
    sentence: "An unexpected error kept Copilot from creating the session.",
    remedy: "The bot's log has the details.",
  }),
};

/** Where a cause is known, it says more than the code. */
const CAUSES: Record<FailureCause, Explain> = {
  ...PERMISSION_CAUSES,
  ...MACHINE_CAUSES,
  repository: ({ place: { owner, repository }, pages }) => ({
    sentence: "Copilot cloud agent isn't enabled for this repository.",
    remedy: pages.isPerson
      ? `${owner} can add ${repository} under **Repository access** in ${pages.cloudAgent}.`
      : `An organization owner can add ${repository} under **Repository access** in ${pages.cloudAgent}, and enable **Copilot cloud agent** in ${pages.policies}.`,
  }),
  model: ({ pages, whose }) => ({
    sentence: "A Copilot policy leaves no model that this session can use.",
    remedy: pages.isPerson
      ? `${whose.owner} can enable models in ${pages.accountCopilot}.`
      : `An organization owner can enable models in ${pages.models}, and features in ${pages.policies}.`,
  }),
  sandbox: ({ pages, whose }) => ({
    sentence: "A Copilot policy doesn't allow cloud sandboxes, in which sessions run.",
    remedy: pages.isPerson
      ? `${whose.owner} can enable them in ${pages.accountCopilot}. ${LICENSED} enable **Sandbox access** under **Sandboxes** in its settings.`
      : `An organization owner can enable **Sandbox access** under **Sandboxes** in ${pages.sandboxes}. ${LICENSED} do so there.`,
  }),
  remote_control: (circumstances) => ({
    sentence: "A Copilot policy doesn't allow sessions to be seen or controlled from GitHub.",
    remedy: viewAndControl(circumstances),
  }),
  share_policy: (circumstances) => ({
    sentence: "A Copilot policy doesn't allow this session to be seen and controlled on GitHub.",
    remedy: viewAndControl(circumstances),
  }),
  share_account: ({ pages, whose }) => ({
    sentence: `GitHub didn't accept ${whose.token}, so this session can't be seen there.`,
    remedy: `The token expired, was revoked, or lacks a permission. ${whose.renewal(pages)}`,
  }),
  share_repository: ({ place: { owner, repository }, pages, whose }) => ({
    sentence: `${whose.account} can't see ${owner}/${repository}, so this session can't be seen on GitHub.`,
    remedy: `An administrator of the repository can give that account access in ${pages.access}.`,
  }),
  budget: ({ pages, passesOn, whose }) => ({
    sentence: `${whose.account} has reached its spending limit.`,
    remedy: `${renewal(passesOn)} ${moreBudget(pages)}`,
  }),
  session_limit: () => ({
    sentence: "The session reached its own spending limit.",
    remedy: "Raise `session_limits` in the policy file, or divide the work into smaller tasks.",
  }),
  license_choice: ({ pages, whose }) => ({
    sentence: `${whose.account} has several Copilot licenses, and none is selected.`,
    remedy: `The owner of that account can select one in ${pages.accountCopilot}.`,
  }),
  permission: ({ pages, whose }) => ({
    sentence: `${capitalized(whose.token)} lacks a permission.`,
    remedy: whose.renewal(pages, " (fine-grained, account permission **Copilot Requests**)"),
  }),
  token_policy: ({ place: { owner }, pages, whose }) => ({
    sentence: `${owner} doesn't let in ${whose.token}.`,
    remedy: pages.isPerson
      ? `${owner} can check ${pages.tokens}.`
      : `An organization owner can allow the token in ${pages.tokens}, or its App in ${pages.oauthApps}.`,
  }),
  disconnected: ({ pages, whose }) => ({
    sentence: `${whose.owner} disconnected their Copilot before the session confirmed the request.`,
    remedy: `Open the session. If your request isn't there, send it there. ${whose.renewal(pages)}`,
  }),
  write: ({ pages, whose }) => ({
    sentence: `${whose.account} may not write to this repository.`,
    remedy: `An administrator of the repository can give that account write access in ${pages.access}.`,
  }),
};

function viewAndControl({ pages, whose }: Circumstances): string {
  return pages.isPerson
    ? `${whose.owner} can allow it in ${pages.accountCopilot}. ${LICENSED} set **Store local sessions in the Cloud** to **View and control** in its Copilot policies.`
    : `An organization owner can set **Store local sessions in the Cloud** to **View and control** in ${pages.policies}. ${LICENSED} do so there.`;
}

function renewal(passesOn: string | null): string {
  const when = passesOn === null ? "on the first day of each month (UTC)" : `on ${passesOn}`;
  return `The included allowance renews ${when}.`;
}

/** The account's own quota is seen by its owner, and paid for by who gave it its license. */
function moreBudget({ isPerson, accountCopilot, accountBudgets, budgets }: Circumstances["pages"]) {
  return isPerson
    ? `Before that, the owner of that account can see its usage in ${accountCopilot}, and raise ${accountBudgets}.`
    : `Before that, the owner of that account can see its usage in ${accountCopilot}; an organization owner can raise ${budgets}.`;
}
