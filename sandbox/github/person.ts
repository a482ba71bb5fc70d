import type { Request } from "./actions.ts";
import { commentActions, fileActions, repositoryActions, subjectActions } from "./actions.ts";
import type { Performed } from "./github.ts";
import { tokenOf } from "./seed.ts";
import type { Ask } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** A person at work; each action resolves when the bot has answered the webhooks that it caused. */
export type Person = ReturnType<typeof createPerson>;

/**
 * A person who acts through GitHub's API without being counted among the bot's requests; with their own token unless
 * there is another.
 */
export function createPerson(
  login: string,
  perform: (ask: Ask) => Promise<Performed>,
  token = tokenOf(login),
) {
  const request: Request = async <Entity>(method: string, path: string, body?: unknown) => {
    const [pathname = "", search] = path.split("?");
    const query = search === undefined ? "" : `?${search}`;
    const ask = { method, query, authorization: `Bearer ${token}`, body };
    let performed = await perform({ ...ask, path: pathname });
    const { location } = performed.answer.headers;
    // Follows GitHub's redirect from a repository's former name.
    if (location !== undefined) {
      const { pathname: now } = new URL(location);
      performed = await perform({ ...ask, path: now.replace(/^\/api\/v3/, "") });
    }
    const { answer, delivered } = performed;
    if (answer.status >= 400) {
      const text = JSON.stringify(answer.body);
      throw new Error(`GitHub answers ${login}'s ${method} ${path} with ${answer.status}: ${text}`);
    }
    await delivered;
    return trusted<Entity>(answer.body);
  };

  return {
    login,
    /** An OAuth token, `gho_`. */
    token,
    ...subjectActions(request),
    ...commentActions(request),
    ...fileActions(request),
    ...repositoryActions(request),
  };
}
