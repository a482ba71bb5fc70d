import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether Debian's cmark-gfm is installed: GitHub's own renderer of Markdown, as it was published. */
export const hasCmarkGfm = spawnSync("cmark-gfm", ["--version"]).status === 0;

const EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"];

/** The HTML of a document as GitHub makes it before it's sanitized, raw HTML included. */
export function cmarkGfm(markdown: string, options: readonly string[] = []): string {
  const extensions = EXTENSIONS.flatMap((name) => ["-e", name]);
  return execFileSync("cmark-gfm", [...extensions, "--unsafe", ...options], {
    input: markdown,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
}

/** The HTML of many documents; one shell starts the program for each of them, which is faster than Node is. */
export function cmarkGfmOfEach(
  markdowns: readonly string[],
  options: readonly string[] = [],
): string[] {
  const directory = mkdtempSync(join(tmpdir(), "cmark-gfm-"));
  try {
    for (const [index, markdown] of markdowns.entries())
      writeFileSync(join(directory, `${index}.md`), markdown);
    const all = [...EXTENSIONS.flatMap((name) => ["-e", name]), "--unsafe", ...options].join(" ");
    const loop = `for file in *.md; do cmark-gfm ${all} "$file" > "\${file%.md}.html"; done`;
    execFileSync("sh", ["-c", loop], { cwd: directory });
    return markdowns.map((_, index) => readFileSync(join(directory, `${index}.html`), "utf8"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
