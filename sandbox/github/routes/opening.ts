import { pageOf } from "../pages.ts";
import type { AskedInRepository } from "../parts.ts";
import { pullOf } from "../rest/subjects.ts";
import type { Answer } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import { commitsSince } from "../state/git.ts";
import type { PullRecord, RepositoryRecord } from "../state/records.ts";
import { findRepository } from "../state/state.ts";
import { isBot } from "../token-scope.ts";
import { bodyOf, invalid } from "./route.ts";
import { conversationFrom, happened } from "./subjects.ts";

interface NewPull {
  readonly title: string;
  readonly body: string;
  /** A branch, or `owner:branch` of a fork. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/** Opens a pull request. */
export function openPull(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { host, emit } = asked;
  const { title, body, head = "", base = repository.defaultBranch, draft } = bodyOf<NewPull>(asked);
  if (title === undefined) return invalid("PullRequest", "title", "missing_field");
  const from = branchIn(repository, head, asked);
  const commit = from?.repository.branches.get(from.ref);
  if (from === undefined || commit === undefined) return invalid("PullRequest", "head");
  const onto = repository.branches.get(base);
  if (onto === undefined) return invalid("PullRequest", "base");
  const pull: Omit<PullRecord, keyof ReturnType<typeof conversationFrom>> = {
    type: "pull",
    head: { ...from, commit },
    base: { ref: base, commit: onto },
    isDraft: draft === true,
    merge: undefined,
    reviews: [],
  };
  const refusal = refusalOf(repository, pull, asked);
  if (refusal !== undefined) return custom(refusal);
  const made: PullRecord = { ...conversationFrom(asked, title, body), ...pull };
  repository.subjects.set(made.number, made);
  emit(happened(host, made, "opened"));
  return json(201, pullOf(host, made));
}

/** In stories, people open several from one branch, which GitHub would let nobody do. */
function refusalOf(
  repository: RepositoryRecord,
  { head, base }: Pick<PullRecord, "head" | "base">,
  { actor }: AskedInRepository,
): string | undefined {
  if (!isBot(actor)) return undefined;
  const { owner } = head.repository;
  const same = pullsOf(repository).find(
    (it) => it.state === "open" && isFrom(it, head) && it.base.ref === base.ref,
  );
  if (same !== undefined) return `A pull request already exists for ${owner.login}:${head.ref}.`;
  const isNew = commitsSince(base.commit, head.commit) > 0;
  return isNew ? undefined : `No commits between ${base.ref} and ${head.ref}`;
}

function custom(message: string): Answer {
  return failure(422, "Validation Failed", [{ resource: "PullRequest", code: "custom", message }]);
}

/** The pull requests, the newest first; open ones unless another state is asked for. */
export function listPulls(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const query = new URLSearchParams(asked.ask.query);
  const state = query.get("state") ?? "open";
  const [head, base] = [query.get("head") ?? "", query.get("base")];
  // A head without an owner is no head: GitHub then lists all.
  const from = head.includes(":") ? branchIn(repository, head, asked) : undefined;
  const found = pullsOf(repository)
    .filter((it) => state === "all" || it.state === state)
    .filter((it) => !head.includes(":") || (from !== undefined && isFrom(it, from)))
    .filter((it) => base === null || it.base.ref === base);
  return pageOf(found.map((it) => pullOf(asked.host, it)).toReversed(), asked.ask);
}

function pullsOf({ subjects }: RepositoryRecord): readonly PullRecord[] {
  return [...subjects.values()].filter((it) => it.type === "pull");
}

type Head = Omit<PullRecord["head"], "commit">;

/** A branch of the repository, or of a fork: `owner:branch`. */
function branchIn(
  repository: RepositoryRecord,
  head: string,
  { state }: AskedInRepository,
): Head | undefined {
  const [ref = "", owner = repository.owner.login] = head.split(":").toReversed();
  const found =
    owner === repository.owner.login
      ? repository
      : findRepository(state, { owner, repo: repository.name });
  return found && { repository: found, ref };
}

function isFrom({ head }: PullRecord, { repository, ref }: Head): boolean {
  return head.repository === repository && head.ref === ref;
}
