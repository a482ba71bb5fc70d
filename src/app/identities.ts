import type { CopilotToken } from "../config/copilot-tokens.ts";
import { copilotTokens } from "../config/copilot-tokens.ts";
import { restBaseUrl } from "../config/environment.ts";
import type { SharedAccount } from "../core/access/shared-account.ts";
import { hostsOf } from "../core/github/hosts.ts";
import type { IdentityChoice, Task } from "../core/task/task.ts";
import { createAccountLookup } from "../github/copilot-account.ts";
import type { Connections } from "../ports/connections.ts";
import type { Chosen, Identities, Identity } from "../ports/identities.ts";
import { createDiagnosis } from "./diagnosis.ts";
import type { Credentials } from "./credentials.ts";
import type { AppOptions } from "./options.ts";

/**
 * The identities of sessions: their requesters', and those that have a token in the settings, so that the gate knows the
 * account of each, and the doctor checks it.
 *
 * @param connections null where people can't connect their Copilot
 */
export function createIdentities(
  options: AppOptions,
  connections: Connections | null,
  credentials: Pick<Credentials, "watch">,
): Identities {
  const { environment, variables } = options;
  const tokens = copilotTokens(environment);
  const accounts = Object.values(tokens).map((token) => accountOf(token, options));
  const has = { bot: tokens.shared !== undefined, requester: connections !== null };
  const ofBot: Identity =
    tokens.shared === undefined
      ? { type: "unavailable" }
      : { type: "identity", token: tokens.shared.token, usableUntil: null };
  // Where people use their own Copilot, the bot can do something without an account.
  const [ofShared] = accounts;
  if (connections === null && ofShared !== undefined) {
    credentials.watch("COPILOT_GITHUB_TOKEN", async () => (await ofShared())?.type !== "refusal");
  }
  const isRequesters = (task: Pick<Task, "decision" | "session">) =>
    identityOf(task, has) === "requester";
  return {
    choose: (wanted) => chosenFrom(has, wanted),
    identityFor: async (task) =>
      isRequesters(task) ? ofRequester(connections, task.requester.id) : ofBot,
    identityToBegin: async (task) =>
      isRequesters(task) ? ofRequester(connections, task.requester.id, task.id) : ofBot,
    isConnected: async (userId) =>
      connections !== null && (await connections.find(userId)) !== null,
    isCurrent: async (token) => (await connections?.isCurrent(token)) ?? false,
    async tokenRefused({ requester, decision }) {
      if (decision.identity === "requester") await connections?.refused(requester.id);
    },
    disconnect: async (userId) => (await connections?.disconnect(userId)) ?? false,
    accounts: () => Promise.all(accounts.map((account) => account())),
    diagnose: createDiagnosis({ environment, variables: { ...variables, ...environment } }),
  };
}

/** Where nothing was chosen, a session is the bot's; before there's one, the gate still decides. */
function identityOf(
  { decision, session }: Pick<Task, "decision" | "session">,
  has: Readonly<Record<IdentityChoice, boolean>>,
): IdentityChoice {
  const isOpen = session.intentAt === null && !has.bot;
  return decision.identity ?? (isOpen ? "requester" : "bot");
}

/** Requesters never fall back to the bot's account by themselves. */
function chosenFrom(
  has: Readonly<Record<IdentityChoice, boolean>>,
  wanted: IdentityChoice | null,
): Chosen {
  if (!has.requester) {
    return wanted === "requester"
      ? { type: "denied", denial: { reason: "cannot_connect" } }
      : { type: "chosen", identity: null };
  }
  if (wanted !== "bot") return { type: "chosen", identity: "requester" };
  return has.bot
    ? { type: "chosen", identity: "bot" }
    : { type: "denied", denial: { reason: "no_bot_account" } };
}

async function ofRequester(
  connections: Pick<Connections, "tokenOf"> | null,
  requesterId: number,
  taskId?: string,
): Promise<Identity> {
  if (connections === null) return { type: "unavailable" };
  const found = await connections.tokenOf(requesterId, taskId);
  switch (found.type) {
    case "token":
      return { type: "identity", token: found.token, usableUntil: found.usableUntil };
    case "not_connected":
    case "ended":
      return { type: "not_connected" };
    case "unreachable":
      return found;
    default:
      return found satisfies never;
  }
}

/** The account of a token. It's known before the first task is received. */
function accountOf(
  { token, variable }: CopilotToken,
  { environment, log }: AppOptions,
): () => Promise<SharedAccount> {
  const { kind } = hostsOf(environment);
  const baseUrl = restBaseUrl(environment);
  const lookUp = createAccountLookup({ token, variable, baseUrl, kind, log });
  lookUp().catch((err: unknown) => {
    log.warn({ err }, "Copilot account could not be looked up yet");
  });
  return lookUp;
}
