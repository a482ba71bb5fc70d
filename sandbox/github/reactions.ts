import { pageOf } from "./pages.ts";
import type { Place } from "./routes.ts";
import { locate, underRepository } from "./routes.ts";
import type { Account, Answer, Ask, Json } from "./shapes.ts";
import { failure, json, timestamp, trusted } from "./shapes.ts";
import { renameKeys } from "./notes.ts";
import type { State } from "./state.ts";

/** A reaction to an issue, pull request or comment. */
interface Reaction extends Json {
  readonly id: number;
  readonly content: string;
  readonly user: Account;
  readonly created_at: string;
}

/** The reactions, which emulate does not have. */
export interface Reactions {
  /** Answers requests about reactions; undefined for other requests. */
  answer(ask: Ask, actor: Account | undefined): Promise<Answer | undefined>;
  /** The reactions to what has this API path. */
  to(path: string): readonly Reaction[];
  /** Keeps the reactions of a repository that has another name now. */
  rename(from: string, to: string): void;
}

const contents = new Set(["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]);
const pattern = underRepository(
  String.raw`/(?:issues/(?<number>\d+)|(?:issues|pulls)/comments/\d+)/reactions(?:/(?<reaction>\d+))?`,
);

/** Makes an empty set of reactions. */
export function createReactions(state: State): Reactions {
  const reactions = new Map<string, readonly Reaction[]>();
  let lastId = 0;

  const to = (path: string) => reactions.get(path) ?? [];

  function create(path: string, content: string, user: Account): Answer {
    const same = to(path).find((it) => it.content === content && it.user.login === user.login);
    if (same !== undefined) return json(200, same);
    const id = (lastId += 1);
    const node_id = Buffer.from(`Reaction${id}`).toString("base64url");
    const reaction = { id, node_id, user, content, created_at: timestamp(new Date()) };
    reactions.set(path, [...to(path), reaction]);
    return json(201, reaction);
  }

  function remove(path: string, id: number, user: Account): Answer {
    const found = to(path).find((it) => it.id === id);
    if (found?.user.login !== user.login) return failure(404, "Not Found");
    const rest = to(path).filter((it) => it !== found);
    reactions.set(path, rest);
    return { status: 204, headers: {}, body: undefined };
  }

  async function exists(path: string, place: Place): Promise<boolean> {
    const found = place.number === 0 ? await state.comment(path) : await state.issue(place);
    return found !== undefined;
  }

  async function answer(ask: Ask, actor: Account | undefined): Promise<Answer | undefined> {
    const place = locate(pattern, ask.path);
    if (place === undefined) return undefined;
    const path = ask.path.replace(/\/reactions.*$/, "");
    if (!(await exists(path, place))) return failure(404, "Not Found");
    if (ask.method === "GET") return pageOf(chosen(to(path), ask.query), ask);
    if (actor === undefined) return failure(401, "Requires authentication");
    const id = Number(place.parts["reaction"] ?? 0);
    if (ask.method === "DELETE") return remove(path, id, actor);
    const { content } = trusted<{ readonly content?: unknown }>(ask.body ?? {});
    if (typeof content === "string" && contents.has(content)) return create(path, content, actor);
    const error = { resource: "Reaction", code: "invalid", field: "content" };
    return failure(422, "Validation Failed", [error]);
  }

  const rename = (from: string, now: string) =>
    renameKeys(reactions, `/repos/${from}/`, `/repos/${now}/`);
  return { answer, to, rename };
}

function chosen(reactions: readonly Reaction[], query: string): readonly Reaction[] {
  const content = new URLSearchParams(query).get("content");
  return reactions.filter((it) => content === null || it.content === content);
}
