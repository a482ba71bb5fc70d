import type { FileOwner, Source } from "./sources.ts";

/** Whether a denial passes with a looser setting, or with a stricter one, which every repository may have. */
export type Wish = "looser" | "stricter";

/** In whose files a setting can be changed. */
export interface Changeable {
  /** The closest first. */
  readonly owners: readonly FileOwner[];
  /** Whether each of these files has to be changed; otherwise one of them is enough. */
  readonly inAll: boolean;
}

const BOTH = ["repository", "organization"] as const;

/** Settings that are a repository's to say where the organization doesn't, enforced or not. */
const FREE_IF_UNSAID = /^(?:limits\.|branches\.issues$)/u;

/** In whose files a setting can be changed as wished. What isn't enforced, a repository's own file says first. */
export function changeable(
  setting: string,
  source: Pick<Source, "from" | "enforced">,
  wish: Wish,
): Changeable {
  const { from, enforced } = source;
  if (from === "organization and repository") return { owners: BOTH, inAll: wish === "looser" };
  if (from === "repository") return { owners: [from], inAll: false };
  const isFree = from === "built in" && FREE_IF_UNSAID.test(setting);
  if (enforced && wish === "looser" && !isFree) return { owners: ["organization"], inAll: false };
  return { owners: from === "organization" ? BOTH : ["repository"], inAll: false };
}
