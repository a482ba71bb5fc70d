import type { CopilotToken } from "../config/copilot-tokens.ts";
import { copilotTokens } from "../config/copilot-tokens.ts";
import { restBaseUrl } from "../config/environment.ts";
import type { SharedAccount } from "../core/access/shared-account.ts";
import { hostsOf } from "../core/github/hosts.ts";
import type { IdentityChoice } from "../core/policy/identity-choice.ts";
import { DEFAULT_ACCOUNT } from "../core/policy/identity-choice.ts";
import type { Task } from "../core/task/task.ts";
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
  const accounts = Object.values(tokens).map((token) => {
    return { variable: token.variable, lookUp: accountOf(token, options) };
  });
  const has = (choice: IdentityChoice) =>
    choice === "requester" ? connections !== null : tokens[choice] !== undefined;
  // Where people use their own Copilot, the bot can do something without an account.
  if (connections === null) {
    for (const { variable, lookUp } of accounts)
      credentials.watch(variable, async () => (await lookUp())?.type !== "refusal");
  }
  const find = async (
    task: Pick<Task, "decision" | "session" | "requester">,
    beginning?: string,
  ): Promise<Identity> => {
    const choice = choiceOf(task, has);
    return choice === "requester"
      ? ofRequester(connections, task.requester.id, beginning)
      : provided(tokens[choice]);
  };
  return {
    choose: (wanted) => chosenFrom(has, wanted),
    identityFor: (task) => find(task),
    identityToBegin: (task) => find(task, task.id),
    isConnected: async (userId) =>
      connections !== null && (await connections.find(userId)) !== null,
    isCurrent: async (token) => (await connections?.isCurrent(token)) ?? false,
    async tokenRefused({ requester, decision }) {
      if (decision.identity === "requester") await connections?.refused(requester.id);
    },
    disconnect: async (userId) => (await connections?.disconnect(userId)) ?? false,
    accounts: () => Promise.all(accounts.map(({ lookUp }) => lookUp())),
    diagnose: createDiagnosis({ environment, variables: { ...variables, ...environment } }),
  };
}

/** Whether this bot has it. */
type Has = (choice: IdentityChoice) => boolean;

/** Where nothing was chosen, a session is the default account's; before there's one, the gate still decides. */
function choiceOf(
  { decision, session }: Pick<Task, "decision" | "session">,
  has: Has,
): IdentityChoice {
  const isOpen = session.intentAt === null && !has(DEFAULT_ACCOUNT);
  return decision.identity ?? (isOpen ? "requester" : DEFAULT_ACCOUNT);
}

/** Requesters never fall back to a provided account by themselves. */
function chosenFrom(has: Has, wanted: IdentityChoice | null): Chosen {
  const choice = wanted ?? (has("requester") ? "requester" : DEFAULT_ACCOUNT);
  if (choice === "requester") {
    return has(choice)
      ? { type: "chosen", identity: choice }
      : { type: "denied", denial: { reason: "cannot_connect" } };
  }
  // Where nobody can connect theirs, there's nothing to choose.
  if (choice === DEFAULT_ACCOUNT && !has("requester")) return { type: "chosen", identity: null };
  return has(choice)
    ? { type: "chosen", identity: choice }
    : { type: "denied", denial: { reason: "no_bot_account", account: choice } };
}

function provided(token: CopilotToken | undefined): Identity {
  return token === undefined
    ? { type: "unavailable" }
    : { type: "identity", token: token.token, usableUntil: null };
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
