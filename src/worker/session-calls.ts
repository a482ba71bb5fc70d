import type { z } from "zod";
import type { Call } from "../core/worker/messages.ts";
import { pushTokenSchema } from "../core/worker/messages.ts";
import type { attachmentSchema, openingSchema } from "../core/worker/results.ts";
import type { Beginning } from "./beginning.ts";
import type { OpenedOnWorker } from "./remote-session.ts";
import type { HostedSession } from "../ports/session-host.ts";

/** A call to a session that runs. */
export type SessionCall = Exclude<
  Call,
  { type: "open" | "attach" | "withdraw" | "remove" | "disconnect" | "detach" | "wanted" }
>;

interface Around {
  readonly isWanted: () => Promise<boolean>;
  /** Reads what was sealed for this call. */
  readonly unsealed: (sealed: string) => unknown;
}

/** Does what a call wants of a session. @returns its result */
export async function doCall(
  session: HostedSession,
  call: SessionCall,
  { isWanted, unsealed }: Around,
): Promise<unknown> {
  switch (call.type) {
    case "deliver":
      return session.deliver(call.prompt, isWanted);
    case "link":
      return session.link(call.withinMs);
    case "say":
      return session.say(call.text);
    case "abort":
      return session.abort();
    case "answer":
      return session.answer(call.requestId, call.answer);
    case "share":
      return session.hosted.share();
    case "unshare":
      return session.hosted.unshare();
    case "usage":
      return session.hosted.usage();
    case "push":
      return session.hosted.push(pushTokenSchema.parse(unsealed(call.sealed)).token);
    default:
      return call satisfies never;
  }
}

/**
 * What whoever connects to a session learns of it first.
 *
 * @param hasPrompt whether its agent has a prompt by now
 */
function openedOf(session: HostedSession, hasPrompt: boolean): OpenedOnWorker {
  const { repository, branch, settings, canResume } = session;
  const { machine, isIsolated, shared } = session.hosted;
  const controls = { machine, isIsolated, shared, hasPrompt };
  return { repository, branch, settings: [...settings], canResume, ...controls };
}

/** What whoever connects is answered. */
export function resultOfConnecting(
  call: "open" | "attach",
  beginning: Beginning,
  hasPrompt: boolean,
): z.input<typeof openingSchema> | z.input<typeof attachmentSchema> {
  switch (beginning.type) {
    case "running": {
      const session = openedOf(beginning.session, hasPrompt);
      return call === "open" ? { type: "started", session } : { type: "session", session };
    }
    case "failed":
      return { ...beginning, type: call === "open" ? "failed" : "ended" };
    case "unwanted":
      return { type: call === "open" ? "withdrawn" : "gone" };
    case "elsewhere":
      return { type: call === "open" ? "released" : "gone" };
    case "away":
      return { type: call === "open" ? "released" : "away" };
    default:
      return beginning satisfies never;
  }
}
