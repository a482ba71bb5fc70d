import { createHash } from "node:crypto";
import type { Blob, Commit, FileMode, Files, Signature } from "./records.ts";

/** An object as Git stores it, before it's compressed. */
export interface GitObject {
  readonly sha: string;
  /** With its header. */
  readonly bytes: Buffer;
}

type NewCommit = Omit<Commit, "sha" | "object">;

/** A commit's object and its id. */
export function commitObject(commit: NewCommit): { readonly sha: string; readonly object: Buffer } {
  const { parents, files, date, message } = commit;
  const { name, email } = signatureOf(commit);
  const by = `${name} <${email}> ${Date.parse(date) / 1000} +0000`;
  const lines = [
    `tree ${rootTree(files).sha}`,
    ...parents.map(({ sha }) => `parent ${sha}`),
    `author ${by}`,
    `committer ${by}`,
    "",
    message,
  ];
  const { sha, bytes } = gitObject("commit", Buffer.from(lines.join("\n")));
  return { sha, object: bytes };
}

/** Whom a commit names as its author. */
export function signatureOf({
  author,
  signature,
}: Pick<Commit, "author" | "signature">): Signature {
  const login = author?.login ?? "ghost";
  return signature ?? { name: login, email: `${login}@example.com` };
}

/** All that a commit consists of: its files, their directories, and itself. */
export function objectsOf({ sha, object, files }: Commit): readonly GitObject[] {
  if (object === null) return [];
  const blobs = [...files.values()].filter(({ mode }) => mode !== "160000");
  return [...blobs.map(blobObject), ...treesOf(files), { sha, bytes: object }];
}

/** The directory that has all files. */
export function rootTree(files: Files): GitObject {
  const known = roots.get(files);
  if (known !== undefined) return known;
  const root = treesOf(files).at(-1) ?? gitObject("tree", Buffer.of());
  roots.set(files, root);
  return root;
}

/** A directory's id is asked for often. */
const roots = new WeakMap<Files, GitObject>();

interface Entry {
  readonly name: string;
  readonly mode: FileMode | "100644" | "40000";
  readonly sha: string;
}

/** The directories of files, the root last. */
function treesOf(files: Files): readonly GitObject[] {
  const entries: Entry[] = [];
  const below = new Map<string, Map<string, Blob>>();
  for (const [path, blob] of files) {
    const [name = "", ...rest] = path.split("/");
    if (rest.length === 0) entries.push({ name, mode: blob.mode ?? "100644", sha: blob.sha });
    else below.set(name, (below.get(name) ?? new Map()).set(rest.join("/"), blob));
  }
  const trees: GitObject[] = [];
  for (const [name, its] of below) {
    trees.push(...treesOf(its));
    entries.push({ name, mode: "40000", sha: trees.at(-1)?.sha ?? "" });
  }
  const sorted = entries.toSorted((a, b) => Buffer.compare(sortedBy(a), sortedBy(b)));
  const parts = sorted.flatMap(({ name, mode, sha }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(sha, "hex"),
  ]);
  return [...trees, gitObject("tree", Buffer.concat(parts))];
}

/** Git sorts a directory as if its name ended with a slash. */
function sortedBy({ name, mode }: Entry): Buffer {
  return Buffer.from(mode === "40000" ? `${name}/` : name);
}

function blobObject({ sha, bytes }: Blob): GitObject {
  return { sha, bytes: withHeader("blob", bytes) };
}

function gitObject(type: "commit" | "tree", content: Buffer): GitObject {
  const bytes = withHeader(type, content);
  return { sha: createHash("sha1").update(bytes).digest("hex"), bytes };
}

function withHeader(type: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
}
