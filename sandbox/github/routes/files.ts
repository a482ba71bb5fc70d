import { moveBranch, removeBranch } from "../branches.ts";
import type { AskedInRepository } from "../parts.ts";
import { NOT_FOUND, NO_CONTENT, bodyOf, invalid, route, theRepository, under } from "./route.ts";
import { branchOf, comparisonOf, contentOf, refOf } from "../rest/git.ts";
import type { Answer } from "../shapes.ts";
import { failure, json } from "../shapes.ts";
import type { Commit, Files, RepositoryRecord } from "../state/records.ts";
import { ancestors, blobOf, commitOf, mergeBase } from "../state/git.ts";
import { now } from "../state/state.ts";

/** Files, commits, and branches. */
export const fileRoutes = under(
  ["contents"],
  [
    route("GET /repos/{owner}/{repo}/contents/{path}", "read", theRepository, getFile),
    route("PUT /repos/{owner}/{repo}/contents/{path}", "write", theRepository, putFile),
    route("DELETE /repos/{owner}/{repo}/contents/{path}", "write", theRepository, deleteFile),
    route(
      "GET /repos/{owner}/{repo}/branches/{branch}",
      "read",
      theRepository,
      (repository, asked) => {
        const name = asked.parameters["branch"] ?? "";
        const commit = repository.branches.get(name);
        if (commit === undefined) return failure(404, "Branch not found");
        return json(200, branchOf(asked.host, repository, name, commit));
      },
    ),
    route("GET /repos/{owner}/{repo}/compare/{basehead}", "read", theRepository, compare),
    route("POST /repos/{owner}/{repo}/git/refs", "write", theRepository, createBranch),
    route("DELETE /repos/{owner}/{repo}/git/refs/{ref}", "write", theRepository, deleteBranch),
  ],
);

/** The commit that a branch, a SHA, or `HEAD` names. */
export function commitNamed(repository: RepositoryRecord, name: string): Commit | undefined {
  const { branches, defaultBranch } = repository;
  const branch = name === "HEAD" ? defaultBranch : name.replace(/^(?:refs\/)?heads\//, "");
  return branches.get(branch) ?? commitsIn(repository).find(({ sha }) => sha === name);
}

/** Those of the branches, and of the pull requests, from forks too. */
function commitsIn({ branches, subjects }: RepositoryRecord): readonly Commit[] {
  const pulls = [...subjects.values()].flatMap((subject) =>
    subject.type === "pull" ? [subject.head.commit, subject.base.commit] : [],
  );
  const tips = [...branches.values(), ...pulls];
  return [...new Set(tips.flatMap((tip) => Array.from(ancestors(tip))))];
}

function compare(repository: RepositoryRecord, { host, parameters }: AskedInRepository): Answer {
  const names = (parameters["basehead"] ?? "").split("...");
  const [base, head] = names.map((name) => commitNamed(repository, name));
  const ancestor = base === undefined || head === undefined ? base : mergeBase(base, head);
  if (base === undefined || head === undefined || ancestor === undefined) return NOT_FOUND;
  return json(200, comparisonOf(host, repository, { base, head, ancestor }));
}

function getFile(
  repository: RepositoryRecord,
  { ask, host, parameters }: AskedInRepository,
): Answer {
  const { path = "" } = parameters;
  const ref = new URLSearchParams(ask.query).get("ref") ?? repository.defaultBranch;
  const blob = commitNamed(repository, ref)?.files.get(path);
  if (blob === undefined) return NOT_FOUND;
  if (!/\braw\b/.test(ask.accept ?? "")) {
    return json(200, contentOf(host, repository, { path, ref, blob }));
  }
  // Octokit gives text for a type with a charset, and an ArrayBuffer otherwise.
  const headers = { "content-type": "application/vnd.github.raw; charset=utf-8" };
  return { status: 200, headers, body: blob.bytes };
}

interface FileChange {
  readonly message: string;
  readonly branch: string;
  /** Of the blob that is replaced or deleted. */
  readonly sha: string;
  /** In base64. */
  readonly content: string;
}

function putFile(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { path = "" } = asked.parameters;
  const { content = "", sha, branch = repository.defaultBranch } = bodyOf<FileChange>(asked);
  const tip = repository.branches.get(branch);
  if (tip === undefined) return failure(404, `Branch ${branch} not found`);
  const before = tip.files.get(path);
  if (before?.sha !== sha) return refusalOfSha(path, sha);
  const blob = blobOf(Buffer.from(content, "base64"));
  const { sha: made } = push(repository, branch, new Map(tip.files).set(path, blob), asked);
  const shown = { content: { path, sha: blob.sha }, commit: { sha: made } };
  return json(before === undefined ? 201 : 200, shown);
}

function refusalOfSha(path: string, sha: string | undefined): Answer {
  if (sha === undefined) return failure(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  return failure(409, `${path} does not match ${sha}`);
}

function deleteFile(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { path = "" } = asked.parameters;
  const { sha, branch = repository.defaultBranch } = bodyOf<FileChange>(asked);
  const tip = repository.branches.get(branch);
  const before = tip?.files.get(path);
  if (tip === undefined || before === undefined) return NOT_FOUND;
  if (before.sha !== sha) return refusalOfSha(path, sha);
  const rest = new Map([...tip.files].filter(([name]) => name !== path));
  const { sha: made } = push(repository, branch, rest, asked);
  return json(200, { content: null, commit: { sha: made } });
}

/** Commits to a branch; open pull requests from it follow. */
function push(
  repository: RepositoryRecord,
  branch: string,
  files: Files,
  asked: AskedInRepository,
): Commit {
  const { message = "" } = bodyOf<FileChange>(asked);
  const parent = repository.branches.get(branch);
  const parents = parent === undefined ? [] : [parent];
  const commit = commitOf({ files, parents, message, author: asked.by, date: now() });
  moveBranch(asked, repository, branch, commit);
  return commit;
}

function createBranch(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const { ref = "", sha } = bodyOf<{ readonly ref: string; readonly sha: string }>(asked);
  const [, name] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  const commit = repository.branches.values().find((it) => it.sha === sha);
  if (name === undefined || repository.branches.has(name)) return invalid("Reference", "ref");
  if (commit === undefined) return failure(422, "Object does not exist");
  repository.branches.set(name, commit);
  return json(201, refOf(asked.host, repository, name, commit));
}

function deleteBranch(repository: RepositoryRecord, asked: AskedInRepository): Answer {
  const ref = asked.parameters["ref"]?.replace(/^heads\//, "") ?? "";
  if (!repository.branches.has(ref)) return failure(422, "Reference does not exist");
  removeBranch(asked, repository, ref);
  return NO_CONTENT;
}
