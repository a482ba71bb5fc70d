import { z } from "zod";
import type { GitHubHosts } from "../github/hosts.ts";
import { failureOf } from "../session/refusal.ts";
import type { CopilotRights, Person, TokenKind } from "./connection.ts";
import type { AccountAnswer, CopilotAccount } from "./copilot-account.ts";
import type { TokenForm } from "./token-form.ts";

/** What's missing, in sentences, and the page where it's given; null where there's none. */
export interface Unfitness {
  readonly problem: string;
  readonly page: string | null;
}

type Hosts = Pick<GitHubHosts, "kind" | "web" | "accounts" | "accountPages">;

/** Why a token of this form isn't even tried; null when it is. */
export function unfitForm(form: TokenForm, { accountPages }: Hosts): Unfitness | null {
  const page = `${accountPages}/settings/personal-access-tokens/new`;
  switch (form) {
    case "app":
    case "oauth_app":
    case "personal":
      return null;
    case "classic":
      return {
        problem: `Copilot doesn't accept classic personal access tokens (ghp_). ${CREATE}`,
        page,
      };
    case "installation":
    case "refresh":
    case "unknown":
      return {
        problem: `This isn't a token that Copilot accepts from a person. ${CREATE}`,
        page,
      };
    default:
      return form satisfies never;
  }
}

const CREATE =
  "Create a fine-grained personal access token with the account permission “Copilot Requests”.";

const personSchema = z.object({
  id: z.int().positive(),
  login: z.string().regex(/^[\w-]{1,100}$/u),
  type: z.string().catch("User"),
});

/** Whose token it is, by the body of `GET /user`; null when that isn't a person's. */
export function readPerson(body: unknown): Person | null {
  const { data } = personSchema.safeParse(body);
  return data?.type === "User" ? { id: data.id, login: data.login } : null;
}

/** What was asked with which token, of which GitHub. */
export interface TokenQuestion {
  readonly of: "account" | "Copilot";
  readonly kind: TokenKind;
  /** Null until it's known. */
  readonly login: string | null;
  readonly hosts: Hosts;
}

/** What a refusal means; null when it says nothing about the token, so that it may be asked again. */
export function unfitnessIn(
  { status, message }: Pick<AccountAnswer, "status" | "message">,
  asked: TokenQuestion,
): Unfitness | null {
  const { kind, hosts } = asked;
  const { code } = failureOf({ status, message }, []);
  if (status >= 500 || code === "rate_limited") return null;
  if (code === "sso_required") return signOn(hosts);
  if (code === "ip_not_allowed") return IP_NOT_ALLOWED;
  if (status === 404 && asked.of === "Copilot") return withoutCopilot(asked);
  if (status !== 401 && status !== 403) return null;
  if (/Copilot Requests|by personal access token/iu.test(message)) return withoutPermission(hosts);
  if (status === 401) return ended(asked);
  if (asked.of === "account") {
    return { problem: "GitHub doesn't show this token its own account.", page: null };
  }
  if (kind === "app" && /by integration/iu.test(message)) return notFromApps(hosts);
  if (code === "not_entitled") return withoutCopilot(asked);
  return kind === "personal" && code !== "policy_blocked"
    ? withoutPermission(hosts)
    : blocked(asked);
}

/** What keeps an account from sessions that people see and steer on GitHub; null when nothing does. */
export function unfitnessOf(account: CopilotAccount, asked: TokenQuestion): Unfitness | null {
  const { hasCopilot, canBeSeen, canBeControlled, organizations } = account;
  if (hasCopilot === false) return withoutCopilot(asked);
  const missing = [
    ...(canBeSeen === false ? ["viewed"] : []),
    ...(canBeControlled === false ? ["controlled"] : []),
  ];
  if (missing.length === 0) return null;
  const { accountPages } = asked.hosts;
  const found = `A Copilot policy doesn't allow sessions of ${name(asked)} to be ${missing.join(" or ")} on GitHub.`;
  const setting = "“Store local sessions in the Cloud” to “View and control”";
  const [first, ...others] = organizations.filter((one) => /^[\w-]{1,100}$/u.test(one)).slice(0, 5);
  if (first === undefined) {
    const cure = `Set ${setting} in your Copilot settings. If an organization provides your license, ask an owner of it.`;
    return { problem: `${found} ${cure}`, page: `${accountPages}/settings/copilot` };
  }
  const owners = `an owner of ${[first, ...others].join(" or ")}`;
  const cure = `Ask ${owners} to set ${setting} in the Copilot policies. If an enterprise policy applies, ask an enterprise owner.`;
  const page = `${accountPages}/organizations/${first}/settings/copilot/policies`;
  return { problem: `${found} ${cure}`, page };
}

/** What an account's Copilot may do, as far as GitHub says. */
export function rightsOf({ plan, canBeSeen, canBeControlled }: CopilotAccount): CopilotRights {
  return { plan, cloudSessions: canBeSeen, remoteControl: canBeControlled };
}

function name({ login }: TokenQuestion): string {
  return login === null ? "this account" : `@${login}`;
}

function ended({ of, kind, hosts }: TokenQuestion): Unfitness {
  if (of === "Copilot" && hosts.kind === "server") {
    const [own, accounts] = [hosts.web, hosts.accounts].map((origin) => new URL(origin).host);
    return {
      problem: `Copilot accounts are on ${accounts}, which doesn't accept a token of ${own}. Ask the bot's administrator to start tasks with the bot's own account.`,
      page: null,
    };
  }
  const problem = "GitHub doesn't accept this token: it expired or was revoked.";
  return { problem, page: kind === "personal" ? tokens(hosts) : null };
}

function withoutPermission(hosts: Hosts): Unfitness {
  return {
    problem:
      "This token lacks the account permission “Copilot Requests”. Add the permission to it, or create a token that has it. Only tokens whose resource owner is you can have it.",
    page: tokens(hosts),
  };
}

function notFromApps({ accountPages }: Hosts): Unfitness {
  return {
    problem: `Copilot doesn't accept the token that GitHub gave to the bot's App. ${CREATE}`,
    page: `${accountPages}/settings/personal-access-tokens/new`,
  };
}

function withoutCopilot(asked: TokenQuestion): Unfitness {
  return {
    problem: `Copilot isn't enabled for ${name(asked)}. Choose a plan with Copilot cloud agent, or ask an organization owner for a license.`,
    page: `${asked.hosts.accountPages}/settings/copilot`,
  };
}

function blocked(asked: TokenQuestion): Unfitness {
  return {
    problem: `Copilot refuses sessions of ${name(asked)}: a policy doesn't allow them, or the license doesn't include them. If an organization provides the license, ask an owner of it.`,
    page: `${asked.hosts.accountPages}/settings/copilot`,
  };
}

function signOn(hosts: Hosts): Unfitness {
  return {
    problem:
      "An organization requires single sign-on. Sign in there, authorize the token for the organization, and try again.",
    page: tokens(hosts),
  };
}

const IP_NOT_ALLOWED: Unfitness = {
  problem:
    "An organization has an IP allow list, and the address of the bot's machine isn't on it. An organization owner can add it.",
  page: null,
};

function tokens({ accountPages }: Hosts): string {
  return `${accountPages}/settings/personal-access-tokens`;
}
