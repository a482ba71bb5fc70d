import { pageOf } from "./pages.ts";
import { locate, repositoryOf, underRepository } from "./routes.ts";
import type { Place } from "./routes.ts";
import type { Answer, Ask, Repository } from "./shapes.ts";
import { permissionsOf } from "./roles.ts";
import { failure, json, trusted } from "./shapes.ts";
import type { State } from "./state.ts";

interface Context {
  readonly ask: Ask;
  readonly place: Place;
  readonly state: State;
  /** Who asks, if it is a person or the bot. */
  readonly login: string | undefined;
}

type Mend = (answer: Answer, context: Context) => Promise<Answer> | Answer;

/** Where emulate's answers differ from GitHub's, and what GitHub answers. */
const mends: readonly { readonly pattern: RegExp; readonly mend: Mend }[] = [
  { pattern: underRepository(""), mend: mendRepository },
  {
    pattern: underRepository("/collaborators/(?<login>[^/]+)/permission"),
    mend: mendPermission,
  },
  { pattern: underRepository("/transfer"), mend: mendTransfer },
  {
    pattern: underRepository(String.raw`/issues/(?<number>\d+)/labels/[^/]+`),
    mend: mendMissingLabel,
  },
  { pattern: underRepository(String.raw`/issues/(?<number>\d+)`), mend: mendIssue },
  { pattern: underRepository("/issues"), mend: mendNewIssue },
  { pattern: underRepository(String.raw`/pulls(?:/\d+)?`), mend: mendPull },
  { pattern: underRepository(String.raw`/pulls/(?<number>\d+)/files`), mend: listFiles },
  {
    pattern: underRepository(String.raw`/(?:issues|pulls)(?:/\d+)?/comments(?:/\d+)?`),
    mend: mendComments,
  },
  { pattern: underRepository("/(?:contents/.+|readme)"), mend: mendRawContents },
];

/** emulate's answer to the question, as GitHub would have given it. */
export async function mendAnswer(
  answer: Answer,
  ask: Ask,
  login: string | undefined,
  state: State,
): Promise<Answer> {
  let mended = answer;
  for (const { pattern, mend } of mends) {
    const place = locate(pattern, ask.path);
    if (place !== undefined) mended = await mend(mended, { ask, place, state, login });
  }
  return mended.status < 400 ? mended : mendFailure(mended, ask);
}

async function mendRepository(answer: Answer, { state, login }: Context): Promise<Answer> {
  if (answer.status !== 200) return answer;
  const { permissions: _, ...repository } = trusted<Repository>(answer.body);
  if (login === undefined) return withBody(answer, repository);
  // Its own name: the request may have given it another.
  const name = { owner: repository.owner.login, repo: repository.name };
  const permissions =
    (await state.role(name, login))?.user["permissions"] ?? permissionsOf(undefined);
  return withBody(answer, { ...repository, permissions });
}

async function mendPermission(answer: Answer, { place, state }: Context): Promise<Answer> {
  if (answer.status !== 200 && answer.status !== 404) return answer;
  const login = place.parts["login"] ?? "";
  const role = await state.role(place, login);
  if (role !== undefined) return json(200, role);
  const there = (await state.repository(place)) !== undefined;
  return there ? failure(404, `${login} is not a user`) : answer;
}

async function mendTransfer(answer: Answer): Promise<Answer> {
  return answer.status === 200 ? { ...answer, status: 202 } : answer;
}

async function mendMissingLabel(answer: Answer, { ask, place, state }: Context): Promise<Answer> {
  if (answer.status !== 404 || ask.method !== "DELETE") return answer;
  const there = (await state.issue(place)) !== undefined;
  return there ? failure(404, "Label does not exist") : answer;
}

async function mendIssue(answer: Answer, { ask, place, state }: Context): Promise<Answer> {
  if (answer.status === 200)
    return withBody(answer, state.mends.issue(place, trusted(answer.body)));
  const issue = ask.method === "GET" ? await state.issue(place) : undefined;
  return issue === undefined ? answer : json(200, issue);
}

function mendNewIssue(answer: Answer, { place, state }: Context): Answer {
  if (answer.status >= 400) return answer;
  const mend = (issue: unknown) => state.mends.issue(place, trusted(issue));
  const { body } = answer;
  return withBody(answer, Array.isArray(body) ? body.map(mend) : mend(body));
}

async function mendPull(answer: Answer, { place, state }: Context): Promise<Answer> {
  if (answer.status >= 400) return answer;
  const mend = (pull: unknown) => state.mends.pull(place, trusted(pull));
  const { body } = answer;
  return withBody(
    answer,
    Array.isArray(body) ? await Promise.all(body.map(mend)) : await mend(body),
  );
}

async function listFiles(answer: Answer, { ask, place, state }: Context): Promise<Answer> {
  const pull = answer.status === 200 ? await state.pull(place) : undefined;
  if (pull === undefined) return answer;
  return pageOf(await state.files(pull), ask);
}

async function mendComments(answer: Answer, { state }: Context): Promise<Answer> {
  if (answer.status >= 400 || answer.status === 204) return answer;
  const { body } = answer;
  const mend = (comment: unknown) => state.mends.comment(trusted(comment));
  return withBody(
    answer,
    Array.isArray(body) ? await Promise.all(body.map(mend)) : await mend(body),
  );
}

function mendRawContents(answer: Answer): Answer {
  if (answer.headers["content-type"] !== "application/octet-stream") return answer;
  // Octokit gives text for a type with a charset, and an ArrayBuffer otherwise.
  const type = "application/vnd.github.raw; charset=utf-8";
  return { ...answer, headers: { ...answer.headers, "content-type": type } };
}

function mendFailure(answer: Answer, ask: Ask): Answer {
  if (Buffer.isBuffer(answer.body)) return answer;
  const { message } = trusted<{ readonly message?: unknown }>(answer.body);
  const hidden = answer.status === 403 && ask.method === "GET" && repositoryOf(ask.path);
  // GitHub does not tell that a repository exists to those who may not see it.
  if (hidden) return failure(404, "Not Found");
  return failure(answer.status, typeof message === "string" ? message : "Server Error");
}

function withBody(answer: Answer, body: unknown): Answer {
  return { ...answer, body };
}
