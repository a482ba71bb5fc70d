import { repositoryPath } from "../routes.ts";
import type { Repository, RepositoryName } from "../shapes.ts";
import type { Reader, Source } from "./source.ts";

interface Tree {
  readonly sha: string;
  readonly tree: readonly Entry[];
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly sha: string;
}

interface Blob {
  readonly sha: string;
  readonly size: number;
  readonly content: string;
}

interface Commit {
  readonly sha: string;
  readonly node_id?: string;
}

interface GitRef {
  readonly ref: string;
  readonly node_id: string;
  readonly object: Commit;
}

/** GitHub tells as many bytes of a blob, and that there are more. */
const textLimit = 512_000;

/** A branch or tag; a name that is not qualified is looked for among the branches, then the tags. */
export async function ref(
  { state }: Reader,
  name: RepositoryName,
  qualified: string,
): Promise<Source | null> {
  const path = `${repositoryPath(name)}/git/ref`;
  for (const prefix of ["refs/heads/", "refs/tags/"]) {
    const short = qualified.replace(/^refs\/(?:heads|tags)\//, "");
    if (qualified.startsWith("refs/") && !qualified.startsWith(prefix)) continue;
    const found = await state.read<GitRef>(`${path}/${prefix.slice("refs/".length)}${short}`);
    if (found === undefined) continue;
    const target = commit(found.object.sha);
    return { id: found.node_id, name: short, prefix, target };
  }
  return null;
}

/** The object that an expression of git's names: `REVISION`, or `REVISION:PATH`; null when there is none. */
export async function object(
  reader: Reader,
  repository: Repository,
  expression: string,
): Promise<Source | null> {
  const name = { owner: repository.owner.login, repo: repository.name };
  const base = repositoryPath(name);
  const [revision = "", ...path] = expression.split(":");
  const commits = `${base}/commits/${revision === "" ? "HEAD" : revision}`;
  const found = await reader.state.read<Commit>(commits);
  if (found === undefined) return null;
  if (path.length === 0) return commit(found.sha);
  const root = await reader.state.read<Tree>(`${base}/git/trees/${found.sha}`, "?recursive=1");
  const wanted = path.join(":");
  if (wanted === "" && root !== undefined) return { __typename: "Tree", oid: root.sha };
  const entry = root?.tree.find((it) => it.path === wanted);
  if (entry?.type === "tree") return { __typename: "Tree", oid: entry.sha };
  // What a submodule names is in another repository.
  if (entry?.type !== "blob") return null;
  const read = await reader.state.read<Blob>(`${base}/git/blobs/${entry.sha}`);
  return read === undefined ? null : blob(read);
}

function commit(sha: string): Source {
  return { __typename: "Commit", oid: sha, abbreviatedOid: sha.slice(0, 7) };
}

function blob({ sha, size, content }: Blob): Source {
  const bytes = Buffer.from(content, "base64");
  const isBinary = bytes.includes(0);
  const isTruncated = bytes.length > textLimit;
  const told = isTruncated ? bytes.subarray(0, textLimit) : bytes;
  const text = isBinary ? null : told.toString();
  const abbreviatedOid = sha.slice(0, 7);
  return {
    __typename: "Blob",
    oid: sha,
    abbreviatedOid,
    byteSize: size,
    isBinary,
    isTruncated,
    text,
  };
}
