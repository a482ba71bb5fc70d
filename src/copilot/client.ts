import { CopilotClient } from "@github/copilot-sdk";
import { refusalOf } from "./refusal-of.ts";

/** What the runtime process is given. */
export interface ClientOptions {
  /** Where the runtime keeps its state. */
  readonly directory: string;
  /** The bot's own environment, of which the runtime gets a part. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An allow-list: the webhook secret, the private key and tokens must never reach the runtime. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "TZ",
  "HTTPS_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "COPILOT_MC_BASE_URL",
  "COPILOT_API_URL",
  "COPILOT_DEBUG_GITHUB_API_URL",
  "GITHUB_COPILOT_INTEGRATION_ID",
] as const;

/** A client of a runtime of its own that knows no user: each session brings its token. */
export function createClient({ directory, variables }: ClientOptions): CopilotClient {
  return new CopilotClient({
    mode: "empty",
    baseDirectory: directory,
    workingDirectory: directory,
    useLoggedInUser: false,
    logLevel: "error",
    env: runtimeEnvironment(variables),
  });
}

/** What of the bot's variables the runtime gets. One that is set to nothing counts as not set. */
export function runtimeEnvironment(variables: Readonly<Record<string, unknown>>) {
  const set = PASSED_ON.map((name) => [name, variables[name]] as const).filter(
    (entry): entry is readonly [(typeof PASSED_ON)[number], string] =>
      typeof entry[1] === "string" && entry[1].trim() !== "",
  );
  return Object.fromEntries(set);
}

/** JSON-RPC's "method not found". */
const METHOD_NOT_FOUND = -32_601;

/**
 * Whether the runtime can create cloud sessions, found out without creating one: asked for a session of
 * nobody, it refuses for want of a token before it sends anything; a runtime that does not know cloud
 * sessions answers that there is no such method.
 *
 * Only for a runtime that knows no user.
 */
export async function canCreateCloudSessions(client: CopilotClient): Promise<boolean> {
  try {
    const repository = { owner: "nobody", name: "nothing" };
    const session = await client.createSession({ cloud: { repository }, availableTools: [] });
    await session.disconnect();
    return true;
  } catch (error) {
    return refusalOf(error).code !== METHOD_NOT_FOUND;
  }
}
