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
  readonly full_name: string;
  readonly private: boolean;
  readonly default_branch: string;
  readonly owner: Account;
}

/** A label of a repository. */
export interface Label extends Json {
  readonly id: number;
  readonly name: string;
}

interface Conversation extends Json {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly html_url: string;
  readonly updated_at: string;
  readonly comments: number;
  readonly user: Account;
  readonly labels: readonly Label[];
}

/** An issue; `pull_request` is there when the number belongs to a pull request. */
export interface Issue extends Conversation {
  readonly pull_request?: Json;
}

interface Tip extends Json {
  readonly ref: string;
  readonly sha: string;
  /** null when the fork is deleted. */
  readonly repo: Repository | null;
}

/** A pull request. */
export interface Pull extends Conversation {
  readonly head: Tip;
  readonly base: Tip;
}

/** A comment on an issue or pull request, or on the lines of a pull request. */
export interface Comment extends Json {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly user: Account;
}

/** A review of a pull request. */
export interface Review extends Json {
  readonly id: number;
  readonly body: string | null;
  readonly state: string;
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

/** Believes that JSON of GitHub's has the shape that its documentation tells. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the one border to emulate's JSON
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
