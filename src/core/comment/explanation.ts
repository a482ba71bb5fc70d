import type { Explanation } from "./remedy.ts";
import { explain } from "./remedy.ts";
import type { CommentView, FailureView } from "./view.ts";

type Failed = Pick<FailureView, "code" | "cause"> & Partial<Pick<FailureView, "passesAt">>;

/** What a task's failure means, who can fix it, and where. */
export function explanationOf(
  view: Pick<CommentView, "place" | "identity" | "requester" | "hosting" | "session">,
  { code, cause, passesAt = null }: Failed,
): Explanation {
  const { place, identity, requester, hosting, session } = view;
  const whose = identity === "requester" ? { requester } : { account: identity };
  const explained = explain(code, cause, place, { passesAt, ...whose });
  if (hosting === null) return explained;
  if (code === "runtime_crashed") {
    return { ...explained, sentence: "The Copilot runtime of this session stopped." };
  }
  // There's no page where people could look.
  return code === "prompt_not_delivered" && session === null
    ? { ...explained, remedy: "It may have arrived all the same." }
    : explained;
}
