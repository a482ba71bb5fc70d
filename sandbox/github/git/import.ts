import { timestamp } from "../shapes.ts";
import type { Blob, Commit, Files, FileMode, Signature } from "../state/records.ts";
import { git } from "./git.ts";

/** Reads a commit of a bare repository, and those before it that aren't known. */
export async function importCommits(
  home: string,
  tip: string,
  known: Map<string, Commit>,
): Promise<void> {
  const unknown = await newCommits(home, tip, known);
  const objects = await objectsIn(home, unknown);
  for (const sha of unknown) {
    const { parents, ...read } = readCommit(objects.get(sha)?.toString() ?? "");
    const before = parents.flatMap((parent) => known.get(parent) ?? []);
    const files = await filesOf(home, sha, before[0]?.files ?? new Map());
    known.set(sha, { sha, object: null, author: null, files, parents: before, ...read });
  }
}

/** Their ids, each after its parents. */
async function newCommits(home: string, tip: string, known: ReadonlyMap<string, Commit>) {
  const asked = [tip, ...[...known.keys()].map((sha) => `^${sha}`)].join("\n");
  const output = await git(home, ["rev-list", "--topo-order", "--reverse", "--stdin"], asked);
  return output.toString().split("\n").filter(Boolean);
}

const HEAD =
  /^tree \w+\n(?<parents>(?:parent \w+\n)*)author (?<name>.*) <(?<email>.*)> (?<at>\d+)/u;

function readCommit(text: string) {
  const { parents = "", name = "", email = "", at = "0" } = HEAD.exec(text)?.groups ?? {};
  const signature: Signature = { name, email };
  return {
    parents: [...parents.matchAll(/\w{40}/gu)].map(([sha]) => sha),
    signature,
    date: timestamp(new Date(Number(at) * 1000)),
    message: text.slice(text.indexOf("\n\n") + 2).trimEnd(),
  };
}

const ENTRY = /^(?<mode>\d+) \w+ (?<sha>\w+)\t(?<path>.*)$/su;

/** @param before files whose content is known */
async function filesOf(home: string, commit: string, before: Files): Promise<Files> {
  const listed = (await git(home, ["ls-tree", "-r", "-z", commit])).toString().split("\0");
  const entries = listed.filter(Boolean).map((line) => {
    const { mode = "", sha = "", path = "" } = ENTRY.exec(line)?.groups ?? {};
    return { path, mode, sha };
  });
  const contents = new Map([...before.values()].map(({ sha, bytes }) => [sha, bytes]));
  const missing = entries.filter(({ mode, sha }) => mode !== "160000" && !contents.has(sha));
  const read = await objectsIn(home, [...new Set(missing.map(({ sha }) => sha))]);
  return new Map(
    entries.map(({ path, mode, sha }): [string, Blob] => {
      const bytes = contents.get(sha) ?? read.get(sha) ?? Buffer.of();
      return [path, isSpecial(mode) ? { sha, bytes, mode } : { sha, bytes }];
    }),
  );
}

function isSpecial(mode: string): mode is FileMode {
  return mode === "100755" || mode === "120000" || mode === "160000";
}

/** The contents of objects, by their ids. */
async function objectsIn(home: string, ids: readonly string[]) {
  const found = new Map<string, Buffer>();
  if (ids.length === 0) return found;
  const output = await git(home, ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  let at = 0;
  for (const id of ids) {
    const end = output.indexOf("\n", at);
    const size = Number(output.toString("utf8", at, end).split(" ")[2]);
    found.set(id, output.subarray(end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return found;
}
