import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";

/** The whole environment of a Git process. Nothing of this machine's settings counts. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}) {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    ...more,
  };
}

/** What Git prints about a bare repository. */
export async function git(home: string, args: readonly string[], input = ""): Promise<Buffer> {
  const child = spawn("git", ["--git-dir", home, ...args], { env: gitEnvironment() });
  // A program that ended needn't have read it.
  child.stdin.once("error", () => null).end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [output, errors, status] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    ended,
  ]);
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${errors}`);
  return output;
}

/** The branches of a bare repository, and the ids of their commits. */
export async function branchesIn(home: string): Promise<ReadonlyMap<string, string>> {
  const format = "--format=%(objectname) %(refname:lstrip=2)";
  const lines = (await git(home, ["for-each-ref", format, "refs/heads"])).toString().split("\n");
  return new Map(
    lines.filter((line) => line !== "").map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}
