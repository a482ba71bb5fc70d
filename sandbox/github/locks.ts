import { locate, underRepository } from "./routes.ts";
import type { Answer, Ask } from "./shapes.ts";
import { failure, trusted } from "./shapes.ts";
import type { State } from "./state.ts";

const pattern = underRepository(String.raw`/issues/(?<number>\d+)/lock`);
const reasons = new Set(["off-topic", "too heated", "resolved", "spam"]);

/** Locks or unlocks a conversation, which emulate does not for pull requests; undefined for other requests. */
export async function answerAboutLock(
  { method, path, body }: Ask,
  state: State,
): Promise<Answer | undefined> {
  const place = locate(pattern, path);
  if (place === undefined || !["PUT", "DELETE"].includes(method)) return undefined;
  if ((await state.issue(place)) === undefined) return failure(404, "Not Found");
  const { lock_reason: reason = null } = trusted<{ readonly lock_reason?: string | null }>(
    body ?? {},
  );
  if (reason !== null && !reasons.has(reason)) return failure(422, "Validation Failed");
  state.notes.lock(place, method === "PUT" ? { reason } : undefined);
  state.notes.touch(place, 0);
  return { status: 204, headers: {}, body: undefined };
}
