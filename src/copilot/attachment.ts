import type { CopilotClient, CopilotSession, ResumeSessionConfig } from "@github/copilot-sdk";
import PQueue from "p-queue";
import pTimeout from "p-timeout";
import type { Requests } from "./requests.ts";

/** What a session is reached again with. */
interface Attachment {
  readonly client: CopilotClient;
  readonly sessionId: string;
  readonly token: string;
  readonly onEvent: NonNullable<ResumeSessionConfig["onEvent"]>;
  readonly options: Requests["options"];
  /** The GitHub that the token's account belongs to: an origin. */
  readonly host: string;
}

/** Mission Control being away keeps `sessions.connect` waiting for minutes. */
const CONNECT_MS = 30_000;
const LOGIN = "copilot-task-bot";

// The runtime connects as whoever is logged in: one after the other.
const oneByOne = new PQueue({ concurrency: 1 });

/**
 * Reaches a session of which only the id is known: as documented, by `resumeSession`, or where that
 * knows no such session, as in this runtime, with the experimental `sessions.connect` before it.
 *
 * Rejects when the runtime, or Mission Control, does not let us.
 */
export async function attachSession(attachment: Attachment): Promise<CopilotSession> {
  try {
    return await resume(attachment);
  } catch {
    return oneByOne.add(() => connect(attachment));
  }
}

async function connect(attachment: Attachment): Promise<CopilotSession> {
  const { client, sessionId, token, host } = attachment;
  const account = { host, login: LOGIN };
  await client.rpc.account.login({ ...account, token });
  try {
    await pTimeout(client.rpc.sessions.connect({ sessionId }), { milliseconds: CONNECT_MS });
    return await resume(attachment);
  } finally {
    await client.rpc.account.logout({ authInfo: { type: "user", ...account } });
  }
}

function resume({ client, sessionId, token, onEvent, options }: Attachment) {
  return client.resumeSession(sessionId, {
    gitHubToken: token,
    availableTools: [],
    suppressResumeEvent: true,
    onEvent,
    ...options,
  });
}
