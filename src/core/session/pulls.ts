import { pushedOf } from "../task/hosting.ts";
import type { TaskSession } from "../task/session.ts";
import { addressKey } from "./link.ts";

/** The addresses of a session's pull requests: first the one that the bot opened for it, then those that came up. */
export function pullsOf({ progress, hosting }: Pick<TaskSession, "progress" | "hosting">) {
  const opened = pushedOf(hosting)?.pull ?? null;
  if (opened === null) return progress.pulls;
  const others = progress.pulls.filter((url) => addressKey(url) !== addressKey(opened.url));
  return [opened.url, ...others];
}
