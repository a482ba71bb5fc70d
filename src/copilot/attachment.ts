import type { CopilotClient, CopilotSession, SessionConfig } from "@github/copilot-sdk";
import PQueue from "p-queue";
import pTimeout from "p-timeout";

/** What a session is reached again with. */
interface Attachment {
  readonly client: CopilotClient;
  readonly sessionId: string;
  readonly token: string;
  readonly onEvent: NonNullable<SessionConfig["onEvent"]>;
}

/** Mission Control being away keeps `sessions.connect` waiting for minutes. */
const CONNECT_MS = 30_000;
const ACCOUNT = { host: "https://github.com", login: "copilot-task-bot" } as const;

// The runtime connects as whoever is logged in: one after the other.
const oneByOne = new PQueue({ concurrency: 1 });

/**
 * Reaches a session of which only the id is known, with the experimental `sessions.connect`, the one
 * way of this runtime: `resumeSession` alone answers that there is no such session.
 *
 * Rejects when the runtime, or Mission Control, does not let us.
 */
export function attachSession(attachment: Attachment): Promise<CopilotSession> {
  return oneByOne.add(() => attach(attachment));
}

async function attach({ client, sessionId, token, onEvent }: Attachment): Promise<CopilotSession> {
  await client.rpc.account.login({ ...ACCOUNT, token });
  try {
    await pTimeout(client.rpc.sessions.connect({ sessionId }), { milliseconds: CONNECT_MS });
    return await client.resumeSession(sessionId, {
      gitHubToken: token,
      availableTools: [],
      suppressResumeEvent: true,
      onEvent,
      onPermissionRequest: () => ({ kind: "no-result" }),
    });
  } finally {
    await client.rpc.account.logout({ authInfo: { type: "user", ...ACCOUNT } });
  }
}
