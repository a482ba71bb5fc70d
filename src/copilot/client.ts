import { CopilotClient } from "@github/copilot-sdk";
import { refusalOf } from "./refusal-of.ts";

/** What the runtime process is given. */
export interface ClientOptions {
  /** Where the runtime keeps its state. */
  readonly directory: string;
  /** The bot's own environment, of which the runtime gets a part. */
  readonly variables: Readonly<Record<string, string | undefined>>;
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
    env: Object.fromEntries(PASSED_ON.map((name) => [name, variables[name]])),
  });
}

/**
 * Whether the runtime can create cloud sessions, found out without creating one: a cloud session with
 * an id of the caller's is refused by a runtime that knows cloud sessions, before anything is sent; a
 * runtime that does not know them answers that there is no such method.
 */
export async function canCreateCloudSessions(client: CopilotClient): Promise<boolean> {
  try {
    const session = await client.createSession({
      sessionId: "00000000-0000-4000-8000-000000000000",
      cloud: {},
      availableTools: [],
    });
    await session.disconnect();
    return true;
  } catch (error) {
    return refusalOf(error).code !== -32_601;
  }
}
