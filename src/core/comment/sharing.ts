import type { Failure } from "../task/failure.ts";

/** What came of a command about sharing. `in_cloud`: GitHub shows the session anyway. `never`: the policy doesn't let it. */
export type SharingOutcome =
  /** `url` is null where the link that the session reports can't be trusted. */
  | { readonly type: "share"; readonly came: "shared"; readonly url: string | null }
  | { readonly type: "share"; readonly came: "refused"; readonly failure: Failure }
  | { readonly type: "share"; readonly came: "in_cloud" | "never" }
  | { readonly type: "unshare"; readonly came: "unshared" | "unconfirmed" | "in_cloud" };

/**
 * What came of it, in one line of Markdown. Why a session couldn't be shared, and the cure, its comment says besides.
 *
 * @param by who gave the command; Markdown
 */
export function sharingSentence(outcome: SharingOutcome, by: string): string {
  switch (outcome.came) {
    case "shared":
      return outcome.url === null
        ? `${by} shared this session on GitHub, but its link isn't one that the bot shows. Its owner can find it in their list of sessions.`
        : `${by} shared this session on GitHub.`;
    case "refused":
      return `${by} asked to share this session, but it can't be shown on GitHub.`;
    case "unshared":
      return `${by} stopped sharing this session. GitHub may still show what happened before that.`;
    case "unconfirmed":
      return `${by} asked to stop sharing this session, but it hasn't confirmed that, so GitHub may still show it.`;
    case "in_cloud":
      return "This session runs in GitHub's cloud, so it's on GitHub anyway.";
    case "never":
      return "This session isn't shown on GitHub, because the policy says `share: never`.";
    default:
      return outcome satisfies never;
  }
}
