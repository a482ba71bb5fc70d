import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { COMPILED } from "../compiled.ts";
import { temporaryDirectory } from "../store/opened.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What only declares does nothing when it's loaded. */
const DECLARING = /^(?:Import|Export|TS|Function|Class|Variable)/u;

/** Whether a file does something when it's run, apart from what's declared in it. */
function isProgram(file: string): boolean {
  const { body } = parseAst(readFileSync(file, "utf8"), { lang: "ts" });
  return body.some(({ type }) => !DECLARING.test(type));
}

/**
 * The files in a directory, not in those below it, that people can start: script/doctor, and not script/doctor.ts,
 * which that one runs.
 */
function programsIn(directory: string): readonly string[] {
  const files = readdirSync(ROOT + directory, { withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const paths = files.map(({ name }) => `${directory}/${name}`);
  return paths
    .filter((path) => !paths.includes(path.replace(/\.ts$/u, "")) === path.endsWith(".ts"))
    .filter((file) => !file.endsWith(".ts") || isProgram(ROOT + file));
}

const programs = [
  ...["script", "sandbox", "bench"].flatMap(programsIn),
  "src/main.ts",
  "dist/main.js",
  "dist/program.js",
];

/** Runs a program with these arguments, without settings, in a directory of its own where it can choose one. */
function run(program: string, ...args: string[]) {
  const isShell = !/\.[jt]s$/u.test(program);
  const [command, ...before] = isShell
    ? [ROOT + program]
    : [process.execPath, "--disable-warning=ExperimentalWarning", ROOT + program];
  const directory = temporaryDirectory();
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(command ?? "", [...before, ...args], {
    cwd: directory,
    env: { ...COMPILED, PATH, HOME, DATA_DIR: directory },
    encoding: "utf8",
  });
  expect(readdirSync(directory)).toEqual([]);
  return { status, stdout, stderr };
}

/** All files of the project, with their content where a program could have written. */
function project(): string {
  const top = readdirSync(ROOT).filter((name) => !name.startsWith("dist."));
  const written = ["docs/commands.md", "docs/copilot-tasks.schema.json"];
  return JSON.stringify([
    top,
    readdirSync(`${ROOT}script`),
    written.map((file) => readFileSync(ROOT + file, "utf8")),
  ]);
}

test.each(programs)("%s refuses what it doesn't know, and does nothing", (program) => {
  const before = project();
  const { stderr, ...refused } = run(program, "--bogus");
  expect(refused).toEqual({ status: 64, stdout: "" });
  expect(stderr).toMatch(/^[\w/. -]+: unknown option '--bogus'\n$/u);
  expect(project()).toBe(before);
});

test.each(programs)("%s explains itself, and does nothing", (program) => {
  const before = project();
  const help = run(program, "--help");
  expect({ ...help, stdout: "" }).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(help.stdout).toMatch(/^Usage: \S.*\n\n[A-Z]/u);
  expect(project()).toBe(before);
});

test.each(["audit", "backup", "erase-person", "rotate-keys"])(
  "script/%s says that there's no database yet, and makes none",
  (name) => {
    const data = temporaryDirectory();
    const args = { backup: [join(data, "copy.db")], "erase-person": ["octocat"] }[name] ?? [];
    const program = ["--disable-warning=ExperimentalWarning", `${ROOT}script/${name}.ts`];
    const ENCRYPTION_KEYS = Buffer.alloc(32).toString("base64");
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
      encoding: "utf8",
      env: { ...COMPILED, DATA_DIR: data, ENCRYPTION_KEYS },
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.replace(/^[^:]+: /u, "")).toBe(
      `there's no database at ${join(data, "tasks.db")} yet. Start the bot, which creates it, or set DATA_DIR or DATABASE_URL to where it is.\n`,
    );
    expect(readdirSync(data)).toEqual([]);
  },
);

test.each(["script/server", "script/backup"])(
  "%s shows its version, and checks the number of its arguments",
  (program) => {
    expect(run(program, "--version")).toEqual({
      status: 0,
      stdout: `${manifest.version}\n`,
      stderr: "",
    });
    const { stderr, ...refused } = run(program, "one", "two");
    expect(refused).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^[\w/. -]+: too many arguments[^\n]*\n$/u);
  },
);

test.each([
  [
    ["script/register", "--self-hosted"],
    "ADDRESS is missing: where GitHub will reach the bot, like https://bot.example.com. See --help.",
  ],
  [["script/erase-person"], "LOGIN OR ID is missing: "],
  [["script/audit", "--limit"], "option '--limit <number>' argument missing. See --help."],
] as const)("%j says what's missing", ([program, ...args], said) => {
  const { stderr, ...refused } = run(program, ...args);
  expect(refused).toEqual({ status: 64, stdout: "" });
  expect(stderr.replace(/^[^:]+: /u, "")).toContain(said);
});
