import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removeTree } from "../../src/workspace/remove-tree.ts";
import { isRoot } from "./isolations.ts";

const USAGE = new URL("../../src/isolation/usage.ts", import.meta.url).href;
const MIB = 2 ** 20;

const root = mkdtempSync(join(tmpdir(), "usage-"));
afterAll(async () => removeTree(root));

/** Measures as a bot does that isn't root: no directory is open to it that isn't to its user. */
function measured(directory: string): number {
  const script = `
    import { usageOfDirectories } from ${JSON.stringify(USAGE)};
    console.log(await usageOfDirectories([${JSON.stringify(directory)}]));`;
  const node = [process.execPath, "--input-type=module", "--eval", script];
  const [program = "", ...args] = isRoot
    ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all", "--", ...node]
    : node;
  return Number(execFileSync(program, args, { encoding: "utf8" }));
}

const DEEP = `
for (1 .. 20) { mkdir "d" x 250; chdir "d" x 250 }
open $f, ">", "x"; print $f "x" x ${MIB}`;

/** How an agent puts away a file of a mebibyte, and what's measured. */
const ROWS = [
  { where: "in a directory", put: () => {}, isOver: false },
  {
    where: "in a directory that can't be listed",
    put: (directory: string) => chmodSync(directory, 0o300),
    isOver: true,
  },
  {
    where: "in a directory that can't be entered",
    put: (directory: string) => chmodSync(directory, 0o400),
    isOver: true,
  },
  {
    where: "deeper than paths can be long",
    put: (directory: string) => execFileSync("perl", ["-e", DEEP], { cwd: directory }),
    isOver: true,
  },
] as const;

test.for(ROWS)("a file $where counts", ({ where, put, isOver }) => {
  const directory = join(root, where, "directory");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "file"), Buffer.alloc(MIB, "x"));
  put(directory);
  const bytes = measured(join(root, where));
  if (isOver) expect(bytes).toBe(Infinity);
  else expect(bytes / MIB).toBeCloseTo(1, 1);
});

test("a file in a directory whose name isn't UTF-8 counts", () => {
  const directory = join(root, "bytes");
  const inside = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xe9, 0xff])]);
  mkdirSync(inside, { recursive: true });
  writeFileSync(Buffer.concat([inside, Buffer.from("/\u00e9")]), Buffer.alloc(MIB, "x"));
  expect(measured(directory) / MIB).toBeCloseTo(1, 1);
});

test("a directory that isn't there counts nothing", () => {
  expect(measured(join(root, "nowhere"))).toBe(0);
});
