import { readFileSync } from "node:fs";
import { Agent as HttpAgent, get as getByHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as getByHttps } from "node:https";
import { z } from "zod";
import type { GitHubHosts } from "../core/github/hosts.ts";
import type { AccountAnswer } from "../core/identity/copilot-account.ts";
import { readCopilotAccount } from "../core/identity/copilot-account.ts";
import { runtimeEnvironment } from "./client.ts";
import { findPackage, SDK_VERSION, versionIn } from "./program.ts";

const SDK = "@github/copilot-sdk";
const RUNTIME = "@github/copilot";

/** A package of which one version is meant to be installed. */
export interface PinnedPackage {
  readonly name: string;
  readonly pinned: string;
  /** Null when it is not there. */
  readonly installed: string | null;
}

/** SDK and runtime. */
export interface PinnedPair {
  readonly sdk: PinnedPackage;
  readonly runtime: PinnedPackage;
}

const pinsSchema = z.object({
  dependencies: z.object({ [RUNTIME]: z.string() }),
  // It's in the bundle.
  devDependencies: z.object({ [SDK]: z.string() }),
});

/**
 * The versions that package.json pins, and those that are there: the SDK that this code runs with, and the runtime
 * that the SDK finds.
 *
 * @param root the directory of package.json
 * @throws Error when package.json cannot be read
 */
export function readPinnedPair(root: URL): PinnedPair {
  const own = new URL("package.json", root);
  const { dependencies, devDependencies } = pinsSchema.parse(JSON.parse(readFileSync(own, "utf8")));
  const sdkFile = findPackage(SDK, own);
  const runtimeFile = findPackage(RUNTIME, sdkFile ?? own);
  return {
    sdk: { name: SDK, pinned: devDependencies[SDK], installed: SDK_VERSION },
    runtime: { name: RUNTIME, pinned: dependencies[RUNTIME], installed: versionIn(runtimeFile) },
  };
}

/** What came of the question to Mission Control. */
export interface MissionControlAnswer {
  readonly status: number;
  /** The message in the body, as Mission Control wrote it; empty when there is none. */
  readonly message: string;
  /** Whether the answer has the id that all of GitHub's have: a proxy's own answers lack it. */
  readonly hasRequestId: boolean;
}

/** What both questions are asked with. */
interface Question {
  readonly token: string;
  readonly hosts: Pick<GitHubHosts, "accountApi" | "copilotApi">;
  /** The bot's own environment: addresses, the proxy and the integration id are in it. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** What the runtime says where no other integration is set (seen in version 1.0.80). */
const INTEGRATION_ID = "copilot-developer-cli";
/** No task has this id, so nothing can come of asking for it. */
const NO_TASK = "00000000-0000-0000-0000-000000000000";

/**
 * Asks Mission Control for a task that does not exist, as the runtime would ask for one: same proxy, same
 * headers. Only reads. Rejects when there is no answer.
 */
export async function askMissionControl(
  base: string,
  question: Question,
): Promise<MissionControlAnswer> {
  const { GITHUB_COPILOT_INTEGRATION_ID = INTEGRATION_ID } = runtimeEnvironment(question.variables);
  const answer = await get(`${base}/tasks/${NO_TASK}`, question, {
    "copilot-integration-id": GITHUB_COPILOT_INTEGRATION_ID,
  });
  const { status, headers, body } = answer;
  const hasRequestId = headers["x-github-request-id"] !== undefined;
  return { status, message: messageIn(body), hasRequestId };
}

/** Looks the token's account up where the runtime does. Only reads. Rejects when there is no answer. */
export async function lookUpAccount(question: Question): Promise<AccountAnswer> {
  const { COPILOT_DEBUG_GITHUB_API_URL } = runtimeEnvironment(question.variables);
  const github = withoutSlash(COPILOT_DEBUG_GITHUB_API_URL ?? question.hosts.accountApi);
  const { status, body } = await get(`${github}/copilot_internal/user`, question, {});
  const account = status === 200 ? readCopilotAccount(parsed(body)) : null;
  return { status, message: messageIn(body), account };
}

/**
 * The base URL of Mission Control, found as the runtime finds it (1.0.80, app.js): by the variables, then
 * by what GitHub says of the account, or else github.com's. Rejects when GitHub does not answer.
 */
export async function findMissionControl(question: Question): Promise<string> {
  const { COPILOT_MC_BASE_URL, COPILOT_API_URL } = runtimeEnvironment(question.variables);
  if (COPILOT_MC_BASE_URL !== undefined) return withoutSlash(COPILOT_MC_BASE_URL);
  if (COPILOT_API_URL !== undefined) return `${withoutSlash(COPILOT_API_URL)}/agents`;
  const { account } = await lookUpAccount(question);
  return `${withoutSlash(account?.api ?? question.hosts.copilotApi)}/agents`;
}

/** Whom a runtime of an account speaks to: base URLs, without a slash at the end. */
export interface CopilotAddresses {
  readonly github: string;
  readonly copilot: string;
  readonly mission_control: string;
}

/**
 * Finds them as the runtime does: by the variables, then by what GitHub says of the account, or else github.com's.
 * Rejects when GitHub does not answer.
 */
export async function findCopilot(question: Question): Promise<CopilotAddresses> {
  const { COPILOT_DEBUG_GITHUB_API_URL, COPILOT_MC_BASE_URL, COPILOT_API_URL } = runtimeEnvironment(
    question.variables,
  );
  const github = withoutSlash(COPILOT_DEBUG_GITHUB_API_URL ?? question.hosts.accountApi);
  const named = COPILOT_API_URL ?? (await lookUpAccount(question)).account?.api;
  const copilot = withoutSlash(named ?? question.hosts.copilotApi);
  return {
    github,
    copilot,
    mission_control: withoutSlash(COPILOT_MC_BASE_URL ?? `${copilot}/agents`),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, "");
}

const messageSchema = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
]);

function messageIn(body: string): string {
  return messageSchema.safeParse(parsed(body)).data ?? "";
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const MAX_CHARACTERS = 100_000;

/** With the proxy of the variables: the runtime's, whatever this process uses. */
async function get(
  address: string,
  { token, variables, signal }: Question,
  headers: Readonly<Record<string, string>>,
) {
  const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY } = runtimeEnvironment(variables);
  const proxyEnv = { HTTPS_PROXY, HTTP_PROXY, NO_PROXY };
  const all = {
    ...headers,
    authorization: `Bearer ${token}`,
    accept: "application/json",
    // GitHub refuses requests without one.
    "user-agent": "copilot-task-bot",
  };
  const url = new URL(address);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request =
    url.protocol === "https:"
      ? getByHttps(url, { headers: all, signal, agent: new HttpsAgent({ proxyEnv }) }, resolve)
      : getByHttp(url, { headers: all, signal, agent: new HttpAgent({ proxyEnv }) }, resolve);
  request.on("error", reject);
  const answer = await promise;
  answer.setEncoding("utf8");
  let body = "";
  for await (const chunk of answer) {
    body += String(chunk);
    if (body.length > MAX_CHARACTERS) break;
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}
