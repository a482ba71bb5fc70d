import type { CopilotSession, SessionEvent } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import { messageOf } from "../../core/error/thrown.ts";
import type { AccountAnswer } from "../../core/identity/copilot-account.ts";
import { shareFailure } from "../../core/session/share-refusal.ts";
import type { Share } from "../../ports/hosted-controls.ts";
import type { LocalSession } from "../../ports/local-sessions.ts";
import type { EventLog } from "../event-log.ts";
import type { ReadLink } from "../link-reader.ts";
import { reportedLink } from "../signs.ts";

interface Parts {
  readonly session: Pick<CopilotSession, "rpc">;
  readonly log: EventLog;
  readonly readLink: ReadLink;
  /** What GitHub says of the owner's account; null where it doesn't answer. */
  readonly account: () => Promise<AccountAnswer | null>;
  /** How long Mission Control may take. */
  readonly withinMs: number;
}

/**
 * Shares a session by a call, also one that is always shared. `remoteSession: "on"` says nothing of a refusal; up to
 * 1.0.80 it shares although the policy says no; and from 1.0.81 on it shares twice, so that what people send from
 * the web arrives twice. `enable({})` would mean off.
 */
export function createSharing(parts: Parts): Pick<LocalSession, "share" | "unshare"> {
  const { session, withinMs } = parts;
  return {
    share: () => share(parts),
    async unshare() {
      try {
        await pTimeout(session.rpc.remote.disable(), { milliseconds: withinMs });
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** How long the warning may take that says why, where the call says that it failed. */
const WARNING_MS = 1_000;

async function share({ session, log, readLink, account, withinMs }: Parts): Promise<Share> {
  const ended = log.next(endOfSharing, withinMs);
  let said = "";
  try {
    const enabled = session.rpc.remote.enable({ mode: "on" });
    const { url } = await pTimeout(enabled, { milliseconds: withinMs });
    if (url !== undefined) return { type: "shared", url: readLink(url) };
  } catch (error) {
    // The call's own error is the same for all reasons.
    const warning = await pTimeout(ended, { milliseconds: WARNING_MS, fallback: () => null });
    said = warning ?? messageOf(error);
  }
  return { type: "refused", failure: shareFailure({ said, account: await account() }) };
}

/** The warning with which sharing ended; empty where it succeeded. */
function endOfSharing(event: SessionEvent): string | null {
  if (event.type === "session.warning" && event.data.warningType === "remote") {
    return event.data.message;
  }
  return reportedLink(event) === null ? null : "";
}
