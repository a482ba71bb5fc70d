import type { Emulator } from "./emulator.ts";
import type { Notes } from "./notes.ts";
import type { Reactions } from "./reactions.ts";
import { locate, underRepository } from "./routes.ts";
import type { Answer, Ask, Repository } from "./shapes.ts";
import { failure, json, trusted } from "./shapes.ts";
import type { State } from "./state.ts";

/** Where repositories are that had another name or owner before. */
export interface Moves {
  /**
   * The request as it is asked about the repository's name of now, or GitHub's redirect from a
   * former name to the repository's id. That is 301, and for a request that writes 307, so that it
   * is sent on as it is; see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api.
   */
  follow(ask: Ask): Promise<Ask | Answer>;
  /** Looks at a repository before a request; the returned function notes whether it has moved. */
  watch(ask: Ask): Promise<(answer: Answer) => void>;
}

/** Makes a directory in which everything is where it always was. */
export function createMoves(
  host: string,
  emulator: Emulator,
  state: State,
  { notes, reactions }: { readonly notes: Notes; readonly reactions: Reactions },
): Moves {
  const former = new Map<string, number>();

  async function byId(path: string): Promise<Repository | undefined> {
    const [, id] = /^\/repositories\/(\d+)(?:\/|$)/.exec(path) ?? [];
    return id === undefined ? undefined : state.read<Repository>(`/repositories/${id}`);
  }

  async function redirect(ask: Ask): Promise<Answer | undefined> {
    const [, name = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)(.*)$/.exec(ask.path) ?? [];
    const id = former.get(name);
    if (id === undefined || (await state.read(`/repos/${name}`)) !== undefined) return undefined;
    const { authorization } = ask;
    const found = { method: "GET", path: `/repositories/${id}`, query: "", authorization };
    // Who may not see the repository is not told that it has moved.
    if ((await emulator.ask(found)).status !== 200) return undefined;
    const url = `http://${host}/api/v3/repositories/${id}${rest}${ask.query}`;
    const documentation_url =
      "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects";
    const status = ask.method === "GET" ? 301 : 307;
    const answer = json(status, { message: "Moved Permanently", url, documentation_url });
    return { ...answer, headers: { ...answer.headers, location: url } };
  }

  return {
    async follow(ask) {
      if (!ask.path.startsWith("/repositories/")) return (await redirect(ask)) ?? ask;
      const repository = await byId(ask.path);
      if (repository === undefined) return failure(404, "Not Found");
      const path = ask.path.replace(/^\/repositories\/\d+/, `/repos/${repository.full_name}`);
      return { ...ask, path };
    },
    async watch({ method, path }) {
      const place = ["PATCH", "POST"].includes(method) ? locate(mover, path) : undefined;
      const before = place && (await state.repository(place));
      return ({ status, body }) => {
        if (before === undefined || status >= 300) return;
        const from = before.full_name;
        const to = trusted<Repository>(body).full_name;
        if (from === to) return;
        former.set(from, before.id);
        former.delete(to);
        notes.rename(from, to);
        reactions.rename(from, to);
      };
    },
  };
}

const mover = underRepository("(?:/transfer)?");
