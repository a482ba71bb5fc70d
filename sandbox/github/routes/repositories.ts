import type { AskedInRepository } from "../parts.ts";
import type { Route } from "./route.ts";
import { NO_CONTENT, bodyOf, invalid, route, theRepository, under } from "./route.ts";
import { accountOf } from "../rest/accounts.ts";
import { collaboratorOf, fullRepositoryOf, repositoryOf } from "../rest/repositories.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { RepositoryRecord, Role } from "../state/records.ts";
import { findAccount, findRepository, grantOf, moveRepository } from "../state/state.ts";

/** Repositories as a whole, and what people can do in them. */
export const repositoryRoutes: readonly Route[] = [
  ...under(
    ["metadata"],
    [
      route("GET /repos/{owner}/{repo}", "read", theRepository, (repository, asked) =>
        json(200, fullRepositoryOf(asked.host, repository, roleOfAsker(asked))),
      ),
      {
        ...route(
          "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
          "read",
          theRepository,
          permissionOf,
        ),
        onlyInstalled: true,
      },
    ],
  ),
  ...under(
    ["administration"],
    [
      route("PATCH /repos/{owner}/{repo}", "admin", theRepository, change),
      route("DELETE /repos/{owner}/{repo}", "admin", theRepository, remove),
      route("POST /repos/{owner}/{repo}/transfer", "admin", theRepository, transfer),
    ],
  ),
];

/** An App has no role, so it can do nothing by it. */
function roleOfAsker({ actor, by, repository, state }: AskedInRepository): Role | undefined {
  if (typeof actor === "string") return undefined;
  return by.type === "Bot" ? "none" : grantOf(state, repository, by.login).role;
}

function permissionOf(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { host, state, parameters } = asked;
  const { username = "" } = parameters;
  const person = findAccount(state, username);
  if (person?.type !== "User") return failure(404, `${username} is not a user`);
  return json(200, collaboratorOf(host, person, grantOf(state, repository, person.login)));
}

interface Changes {
  readonly name: string;
  readonly archived: boolean;
}

function change(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { host, state, emit } = asked;
  const { name: from, archived: wasArchived } = repository;
  const { name = from, archived = wasArchived } = bodyOf<Changes>(asked);
  const emitChange = (action: string, about: Json = {}) =>
    emit({ event: "repository", action, about, repository });
  if (name !== from) {
    moveRepository(state, repository, { name });
    emitChange("renamed", { changes: { repository: { name: { from } } } });
  }
  repository.archived = archived;
  if (archived !== wasArchived) emitChange(archived ? "archived" : "unarchived");
  return json(200, fullRepositoryOf(host, repository, roleOfAsker(asked)));
}

/** Pull requests from it stay. */
function remove(repository: RepositoryRecord, { state, emit }: AskedInRepository): Answer {
  repository.isDeleted = true;
  state.repositories.delete(repository.id);
  emit({ event: "repository", action: "deleted", about: {}, repository });
  return NO_CONTENT;
}

/** The webhook goes only to the new owner. */
function transfer(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { host, state, emit } = asked;
  const { new_owner = "" } = bodyOf<{ readonly new_owner: string }>(asked);
  const owner = findAccount(state, new_owner);
  const isTaken = findRepository(state, { owner: new_owner, repo: repository.name }) !== undefined;
  if (owner === undefined || isTaken) return invalid("Repository", "new_owner");
  const { owner: from } = repository;
  moveRepository(state, repository, { owner });
  const kind = from.type === "Organization" ? "organization" : "user";
  const about = { changes: { owner: { from: { [kind]: accountOf(host, from) } } } };
  emit({ event: "repository", action: "transferred", about, repository });
  return json(202, repositoryOf(host, repository));
}
