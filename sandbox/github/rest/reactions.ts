import type { Json } from "../shapes.ts";
import type { ReactionRecord } from "../state/records.ts";
import { accountOf } from "./accounts.ts";
import { nodeId } from "./urls.ts";

/** All the reactions that there are. */
export const REACTIONS = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;

export function reactionOf(host: string, { id, content, user, createdAt }: ReactionRecord): Json {
  const node_id = nodeId("Reaction", id);
  return { id, node_id, user: accountOf(host, user), content, created_at: createdAt };
}

/** How many reactions something with this URL has: `reaction-rollup`. */
export function reactionCounts(url: string, reactions: readonly ReactionRecord[]): Json {
  const counts = REACTIONS.map((content) => {
    return [content, reactions.filter((it) => it.content === content).length];
  });
  const total_count = reactions.length;
  return { url: `${url}/reactions`, total_count, ...Object.fromEntries(counts) };
}
