import type { Sharing } from "../core/task/hosting.ts";
import type { HostedControls, Share } from "../ports/hosted-controls.ts";
import type { LocalSession } from "../ports/local-sessions.ts";
import type { SessionRecord } from "./records.ts";

/** How a session is shared whose runtime is started again: as it was, where somebody has changed it. */
export function sharingAgain(wanted: Sharing, { isShared }: Pick<SessionRecord, "isShared">) {
  if (wanted === "never" || isShared === null) return wanted;
  return isShared ? "always" : "on-demand";
}

interface HostedSharing extends Pick<HostedControls, "share" | "unshare"> {
  /** What came of it, the last time. */
  now(): Share | null;
}

/** Shares a session, and keeps what came of it. @param keep for a runtime that comes after this one */
export function createHostedSharing(
  local: LocalSession,
  keep: (change: Pick<SessionRecord, "isShared">) => void,
): HostedSharing {
  let last = local.shared;
  return {
    now: () => last,
    async share() {
      last = await local.share();
      if (last.type === "shared") keep({ isShared: true });
      return last;
    },
    async unshare() {
      const hasEnded = await local.unshare();
      if (!hasEnded) return false;
      last = null;
      keep({ isShared: false });
      return true;
    },
  };
}
