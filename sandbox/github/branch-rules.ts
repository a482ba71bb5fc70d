import { decode, locate, underRepository } from "./routes.ts";
import type { Part, Request, Rule, Write } from "./rule.ts";
import { conversation } from "./rule.ts";
import type { Ask, Pull, RepositoryName } from "./shapes.ts";
import { trusted } from "./shapes.ts";
import type { State } from "./state.ts";

const contents = underRepository("/contents/.+");
const branch = underRepository("/git/refs/heads/(?<branch>.+)");

/** What happens to pull requests when their branch moves on or goes. */
export const branchRules: readonly Rule[] = [
  { methods: ["PUT", "DELETE"], pattern: contents, before: pullsOf, parts: synchronized },
  { methods: ["PATCH"], pattern: branch, before: pullsOf, parts: synchronized },
  { methods: ["DELETE"], pattern: branch, before: pullsOf, parts: deleted },
];

function pullsOf({ ask, state }: Request): Promise<readonly Pull[]> {
  return pullsOfBranch(ask, state);
}

/** The open pull requests from the branch that the request is about. */
export async function pullsOfBranch(ask: Ask, state: State): Promise<readonly Pull[]> {
  const place = locate(branch, ask.path) ?? locate(contents, ask.path);
  if (place === undefined) return [];
  const { branch: asked } = trusted<{ readonly branch?: string }>(ask.body ?? {});
  const named = place.parts["branch"] ?? asked;
  const name = named ?? (await state.repository(place))?.default_branch;
  return name === undefined ? [] : state.pullsFrom(place, decode(name));
}

async function synchronized({ before: then, state }: Write): Promise<readonly Part[]> {
  const parts = trusted<readonly Pull[]>(then).map(async (pull): Promise<readonly Part[]> => {
    const before = pull.head.sha;
    const after = (await state.pull(placeOf(pull)))?.head.sha ?? before;
    if (after === before) return [];
    return [await told(pull, "synchronize", state, { before, after })];
  });
  return (await Promise.all(parts)).flat();
}

/** GitHub closes the pull requests from a branch that is deleted. */
async function deleted({ before, place, state }: Write): Promise<readonly Part[]> {
  const about = { ref: place.parts["branch"], ref_type: "branch", pusher_type: "user" };
  const closed = trusted<readonly Pull[]>(before).map((pull) => told(pull, "closed", state, {}));
  return [{ event: "delete", about }, ...(await Promise.all(closed))];
}

async function told(
  pull: Pull,
  action: string,
  state: State,
  more: Readonly<Record<string, string>>,
): Promise<Part> {
  const part = await conversation(state, placeOf(pull), action, more);
  const repository = await state.repository(placeOf(pull));
  return repository === undefined ? part : { ...part, repository };
}

/** Where the pull request is: in the repository that it shall be merged into. */
export function placeOf({ number, url }: Pull): RepositoryName & { readonly number: number } {
  const [, owner = "", repo = ""] = /\/repos\/([^/]+)\/([^/]+)\//.exec(String(url)) ?? [];
  return { owner, repo, number };
}
