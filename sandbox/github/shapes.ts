/** A JSON object as GitHub sends it: what is not named here passes through. */
export type Json = Record<string, unknown>;

/** An account: a person (`User`), an App's bot (`Bot`) or an `Organization`. */
export interface Account extends Json {
  readonly login: string;
  readonly id: number;
  readonly type: string;
}

/** A repository as GitHub's REST API describes it. */
export interface Repository extends Json {
  readonly id: number;
  readonly name: string;
  readonly default_branch: string;
  readonly owner: Account;
}

/** A label of a repository. */
export interface Label extends Json {
  readonly id: number;
  readonly name: string;
}

/** An issue. */
export interface Issue extends Json {
  readonly number: number;
  readonly html_url: string;
  readonly updated_at: string;
  readonly user: Account;
}

/** A branch of a pull request. */
export interface Tip extends Json {
  readonly ref: string;
  readonly sha: string;
  /** null when the fork is deleted. */
  readonly repo: Repository | null;
}

/** A pull request. */
export interface Pull extends Issue {
  readonly head: Tip;
  readonly base: Tip;
}

/** A comment on an issue or pull request, or on the lines of a pull request. */
export interface Comment extends Json {
  readonly id: number;
  readonly html_url: string;
}

/** A review of a pull request. */
export interface Review extends Json {
  readonly id: number;
}

/** A repository's place, in the words of Octokit's parameters. */
export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** The place of an issue or pull request. */
export interface Subject extends RepositoryName {
  readonly number: number;
}

/** Trusts that GitHub's JSON has the shape that its documentation describes. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the one border to JSON
export function trusted<Shape>(body: unknown): Shape {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
  return body as Shape;
}

/** What is asked of GitHub; `path` has neither `/api/v3` nor the query, `query` starts with `?` or is empty. */
export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization?: string | undefined;
  readonly accept?: string | undefined;
  readonly cookie?: string | undefined;
  /** That of an answer that the asker has: `If-None-Match`. */
  readonly etag?: string | undefined;
  /** Parsed JSON, or the fields of a form. */
  readonly body?: unknown;
}

/** What GitHub answers; a `Buffer` as body is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

/** An error in GitHub's form. */
export function failure(status: number, message: string, errors?: readonly Json[]): Answer {
  const more = errors === undefined ? {} : { errors };
  const documentation = "https://docs.github.com/rest";
  return json(status, { message, ...more, documentation_url: documentation, status: `${status}` });
}

/** GitHub's time: ISO 8601 in whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
