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
  readonly handlers: Requests["handlers"];
}

/** Mission Control being away keeps `sessions.connect` waiting for minutes. */
const CONNECT_MS = 30_000;
const ACCOUNT = { host: "https://github.com", login: "copilot-task-bot" } as const;

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
  const { client, sessionId, token } = attachment;
  await client.rpc.account.login({ ...ACCOUNT, token });
  try {
    await pTimeout(client.rpc.sessions.connect({ sessionId }), { milliseconds: CONNECT_MS });
    return await resume(attachment);
  } finally {
    await client.rpc.account.logout({ authInfo: { type: "user", ...ACCOUNT } });
  }
}

function resume({ client, sessionId, token, onEvent, handlers }: Attachment) {
  return client.resumeSession(sessionId, {
    gitHubToken: token,
    availableTools: [],
    suppressResumeEvent: true,
    onEvent,
    ...handlers,
  });
}
