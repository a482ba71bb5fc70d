import type { Asked, AskedInRepository } from "../parts.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json, trusted } from "../shapes.ts";
import type { CommentRecord, PullRecord, RepositoryRecord } from "../state/records.ts";
import type { Role, SubjectRecord } from "../state/records.ts";
import { findComment } from "../state/state.ts";

/** An operation of GitHub's REST API on a repository. */
export interface Route {
  /** Method and path template, as GitHub's OpenAPI description has them. */
  readonly operation: string;
  /** What a person has to be in the repository. */
  readonly role: Role;
  /** One of these permissions an App needs: for an issue the first, for a pull request any. */
  readonly permissions: readonly string[];
  /** An App doesn't get this about repositories where it isn't installed, though they're public. */
  readonly onlyInstalled?: boolean;
  readonly answer: (asked: AskedInRepository) => Answer;
}

type Find<Found> = (asked: AskedInRepository) => Found | Answer;
type Unpermitted = Omit<Route, "permissions">;

/** An operation that people with this role can do on what is found. */
export function route<Found extends object>(
  operation: string,
  role: Role,
  find: Find<Found>,
  answer: (found: Found, asked: AskedInRepository) => Answer,
): Unpermitted {
  return {
    operation,
    role,
    answer(asked) {
      const found = find(asked);
      return "headers" in found ? found : answer(found, asked);
    },
  };
}

/** Routes that take one of these permissions of an App. */
export function under(
  permissions: readonly string[],
  routes: readonly Unpermitted[],
): readonly Route[] {
  return routes.map((it) => ({ ...it, permissions }));
}

export const NOT_FOUND = failure(404, "Not Found");
export const NO_CONTENT: Answer = { status: 204, headers: {}, body: undefined };

export const theRepository: Find<RepositoryRecord> = ({ repository }) => repository;

/** GitHub leads from a transferred issue to where it is now, and from nothing below it; a deleted issue is 410. */
export const theSubject: Find<SubjectRecord> = ({ ask, host, repository, parameters }) => {
  const number = Number(parameters["issue_number"]);
  const departed = repository.departed.get(number);
  if (departed === undefined) return repository.subjects.get(number) ?? NOT_FOUND;
  if (departed === "deleted") return failure(410, "This issue was deleted");
  const isIssueItself = ask.path.endsWith(`/${number}`);
  if (ask.method !== "GET" || !isIssueItself || departed.repository.private) return NOT_FOUND;
  const { repository: now } = departed;
  return moved(301, `http://${host}/api/v3/repositories/${now.id}/issues/${departed.number}`);
};

export const thePull: Find<PullRecord> = ({ repository, parameters }) => {
  const found = repository.subjects.get(Number(parameters["pull_number"]));
  return found?.type === "pull" ? found : NOT_FOUND;
};

/** A comment in a conversation (`issues`), or on a line (`pulls`). */
export function theComment(kind: "issues" | "pulls"): Find<CommentRecord> {
  return ({ repository, parameters }) =>
    findComment(repository, Number(parameters["comment_id"]), kind) ?? NOT_FOUND;
}

/** GitHub's redirect. */
export function moved(status: 301 | 307, url: string, more: Json = {}): Answer {
  const answer = json(status, { message: "Moved Permanently", url, ...more });
  return { ...answer, headers: { ...answer.headers, location: url } };
}

/** The JSON that was sent. */
export function bodyOf<Body extends object>({ ask }: Pick<Asked, "ask">): Partial<Body> {
  return trusted<Partial<Body>>(ask.body ?? {});
}

/** GitHub's answer to a field that can't be as it was sent. */
export function invalid(resource: string, field: string, code = "invalid"): Answer {
  return failure(422, "Validation Failed", [{ resource, field, code }]);
}
