import { briefly } from "./accounts.ts";
import { underRepository } from "./routes.ts";
import type { Part, Request, Rule, Write } from "./rule.ts";
import type { Account, Json, Repository } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** What happens to a repository as a whole. */
export const repositoryRules: readonly Rule[] = [
  { methods: ["PATCH"], pattern: underRepository(""), before: look, parts: changed },
  { methods: ["DELETE"], pattern: underRepository(""), before: look, parts: deleted },
  { methods: ["POST"], pattern: underRepository("/transfer"), before: look, parts: transferred },
];

function look({ place, state }: Request): Promise<Repository | undefined> {
  return state.repository(place);
}

function changed({ before, after }: Write): readonly Part[] {
  const then = trusted<Repository>(before);
  const now = trusted<Repository>(after);
  const part = (action: string, about: Json = {}): Part => {
    return { event: "repository", action, about, repository: now };
  };
  const parts: Part[] = [];
  if (now.name !== then.name) {
    parts.push(part("renamed", { changes: { repository: { name: { from: then.name } } } }));
  }
  if (now["archived"] !== then["archived"]) {
    parts.push(part(now["archived"] === true ? "archived" : "unarchived"));
  }
  if (now.private !== then.private) parts.push(part(now.private ? "privatized" : "publicized"));
  const changes: Json = {};
  for (const field of ["default_branch", "description", "homepage"]) {
    if (now[field] !== then[field]) changes[field] = { from: then[field] };
  }
  return Object.keys(changes).length === 0 ? parts : [...parts, part("edited", { changes })];
}

function deleted({ before }: Write): readonly Part[] {
  const repository = trusted<Repository>(before);
  return [{ event: "repository", action: "deleted", about: {}, repository }];
}

/** GitHub tells the new owner alone, as the webhook's description says. */
function transferred({ before, after }: Write): readonly Part[] {
  const { owner } = trusted<Repository>(before);
  const from: Record<string, Account> =
    owner.type === "Organization" ? { organization: owner } : { user: briefly(owner) };
  const about = { changes: { owner: { from } } };
  const repository = trusted<Repository>(after);
  return [{ event: "repository", action: "transferred", about, repository }];
}
