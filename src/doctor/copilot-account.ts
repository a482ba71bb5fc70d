import type { Finding } from "../core/doctor/finding.ts";
import type { GitHubHosts } from "../core/github/hosts.ts";
import type { AccountAnswer, CopilotAccount } from "../core/identity/copilot-account.ts";
import { failureOf } from "../core/session/refusal.ts";
import { explain } from "../core/comment/remedy.ts";
import type { Audience, DoctorProblem } from "./examination.ts";
import { errorCodeOf, failed, quote, summary } from "./examination.ts";

/** What is checked. */
export const COPILOT_ACCOUNT = "Copilot account sessions";

interface Circumstances {
  readonly hosts: GitHubHosts;
  readonly audience: Audience;
  /** Whether Mission Control has an address of its own in the configuration. */
  readonly hasMissionControl: boolean;
}

/** What Copilot lets the account do, as GitHub says where the runtime looks it up. */
export function judgeCopilotAccount(answer: AccountAnswer, given: Circumstances): Finding {
  const { account } = answer;
  if (account === null) return refused(answer, given.hosts);
  const problems = [
    ...policyProblems(account, given),
    ...quotaProblems(account),
    ...hostProblems(account, given),
  ];
  const who = account.login === null ? "the account" : quote(account.login);
  const says = [account.canBeSeen, account.canBeControlled].every((flag) => flag !== null);
  const fine = says
    ? `Sessions of ${who} can be viewed and controlled on GitHub.`
    : `GitHub doesn't say whether sessions of ${who} can be viewed and controlled.`;
  return summary(COPILOT_ACCOUNT, problems, fine);
}

/** No answer at all. */
export function judgeLookupSilence(error: unknown): Finding {
  const code = errorCodeOf(error);
  // Ours, when we have waited long enough.
  const why = code === null || code === "ABORT_ERR" ? "" : ` (${quote(code)})`;
  return failed(
    COPILOT_ACCOUNT,
    `Couldn't look up the Copilot account: GitHub didn't respond${why}.`,
    "Allow outbound access. Behind a proxy, set HTTPS_PROXY, NO_PROXY, and NODE_EXTRA_CA_CERTS.",
  );
}

function refused({ status, message }: AccountAnswer, hosts: GitHubHosts): Finding {
  const { code, cause = null } = failureOf({ message, status }, []);
  const place = { hosts, owner: "the organization", ownerType: null, repository: "the repository" };
  const { sentence, remedy } = explain(code, cause, place);
  const said = message === "" ? "" : `: ${quote(message)}`;
  return failed(COPILOT_ACCOUNT, `GitHub responded with ${status}${said}. ${sentence}`, remedy);
}

/** https://docs.github.com/copilot/how-tos/copilot-sdk/features/cloud-sessions#prerequisites */
function policyProblems(
  account: CopilotAccount,
  { hosts, audience }: Circumstances,
): DoctorProblem[] {
  const { canBeSeen, canBeControlled, organizations } = account;
  const missing = [
    ...(canBeSeen === false ? ["viewed (`cloud_session_storage_enabled`)"] : []),
    ...(canBeControlled === false ? ["controlled (`cli_remote_control_enabled`)"] : []),
  ];
  if (missing.length === 0) return [];
  const found = `Sessions of the Copilot account can't be ${missing.join(" or ")} on GitHub: a policy forbids it.`;
  const setting = "“Store local sessions in the Cloud” to “View and control”";
  // Whose member the account is isn't for everybody.
  const [owner] = audience === "administrator" ? organizations : [];
  const pages = organizations
    .slice(0, owner === undefined ? 0 : 5)
    .map(
      (name) =>
        `${hosts.accountPages}/organizations/${encodeURIComponent(name)}/settings/copilot/policies`,
    );
  const where = pages.length === 0 ? "" : ` (${pages.join(", ")})`;
  const cure =
    organizations.length === 0
      ? `Allow it as the account's owner at ${hosts.accountPages}/settings/copilot/features. If an organization provides the license, an organization owner can set ${setting} in its Copilot policies.`
      : `An owner of the organization that provides the account's license can set ${setting} in its Copilot policies${where}. If an enterprise policy applies, ask an enterprise owner.`;
  return [{ level: "failed", found, cure }];
}

const LOW_PERCENT = 10;

function quotaProblems({ quota, quotaRenewsAt }: CopilotAccount): DoctorProblem[] {
  if (quota === null || quota.canBuyMore || quota.percentLeft >= LOW_PERCENT) return [];
  const renews = quotaRenewsAt === null ? "" : ` They renew on ${quotaRenewsAt.slice(0, 10)}.`;
  const cure =
    "The account's owner, or an owner of the organization that pays for its license, can raise the budget.";
  if (quota.percentLeft > 0) {
    const left = `${Math.floor(quota.percentLeft)} %`;
    const found = `${left} of the Copilot account's AI credits or premium requests are left.${renews}`;
    return [{ level: "warning", found, cure }];
  }
  const found = `The Copilot account's AI credits or premium requests are used up.${renews}`;
  return [{ level: "failed", found, cure }];
}

function hostProblems(
  { api }: CopilotAccount,
  { hosts, hasMissionControl }: Circumstances,
): DoctorProblem[] {
  if (hasMissionControl) return [];
  if (hosts.kind === "server") {
    const found =
      "Mission Control doesn't know the repositories of a GitHub Enterprise Server: it uses one with the same name on its own GitHub.";
    const cure =
      "Set COPILOT_MC_BASE_URL to a Mission Control that knows the server's repositories.";
    return [{ level: "warning", found, cure }];
  }
  const own = new URL(hosts.web).host;
  if (hosts.kind !== "residency" || api === null || new URL(api).host.endsWith(`.${own}`))
    return [];
  const found = `GitHub sends the account's sessions to ${quote(new URL(api).host)}, which isn't part of ${quote(own)}.`;
  const cure = `Use a token of an account on ${own}, or set COPILOT_API_URL.`;
  return [{ level: "failed", found, cure }];
}
