import type { Finding } from "../core/doctor/finding.ts";
import { isolationTrouble } from "../core/isolation/unavailable.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { IsolationState } from "../ports/isolation.ts";
import type { Audience } from "./examination.ts";
import { failed, ok, warning } from "./examination.ts";

/** What findings about sessions on this machine are called. */
export const ISOLATION = "isolation of sessions";
const LIMITS = "limits of sessions";
export const SESSION_DISK = "disk for sessions";

/** Whether sessions are isolated, or what keeps them from it; and how their limits are kept. */
export function judgeIsolation(state: IsolationState, audience: Audience): readonly Finding[] {
  if (!state.available) {
    // What was found may name a directory, which isn't for everybody.
    const { found } = audience === "thread" ? isolationTrouble(state.name) : state;
    return [failed(ISOLATION, `No session starts on this machine. ${found}`, state.cure)];
  }
  const { missing, limits } = state;
  const isolation =
    missing.length === 0
      ? ok(ISOLATION, "Each session has a sandbox of its own.")
      : warning(
          ISOLATION,
          `Off (\`ISOLATION=none\`). ${missing.join(" ")}`,
          "Remove ISOLATION to have sessions isolated.",
        );
  const kept = Object.entries(limits).map(([name, how]) => `${name}: ${how}`);
  return [isolation, ok(LIMITS, `${kept.join("; ")}.`)];
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}

/** @param free bytes, where workspaces are */
export function judgeSessionDisk(
  free: number,
  { limits, sessions }: Pick<SelfHosting, "limits" | "sessions">,
): Finding {
  const found = `${megabytes(free)} free in DATA_DIR; ${megabytes(limits.freeDisk)} stay free, and ${sessions} sessions can use ${megabytes(limits.disk)} each.`;
  const cure =
    "Free space there, or change SELF_HOSTED_DISK_MB, SELF_HOSTED_FREE_DISK_MB, or SELF_HOSTED_SESSIONS.";
  if (free < limits.freeDisk) return failed(SESSION_DISK, found, cure);
  const isEnough = free >= limits.freeDisk + sessions * limits.disk;
  return isEnough ? ok(SESSION_DISK, found) : warning(SESSION_DISK, found, cure);
}
