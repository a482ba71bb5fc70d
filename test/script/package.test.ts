import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { copilotAccount } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";

// What people have who install the package: packed and installed once, for all tests.

const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-package-"));
const packed = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);
let files: readonly string[] = [];

beforeAll(() => {
  const pack = ["pack", "--json", "--silent", "--pack-destination", directory];
  const [{ filename, files: all }] = packed.parse(
    JSON.parse(execFileSync("npm", pack, { encoding: "utf8" })),
  );
  files = all.map(({ path }) => path);
  // Without one, npm would look for a project further up.
  writeFileSync(join(directory, "package.json"), "{}");
  const install = ["install", `./${filename}`, "--omit=dev", "--no-audit", "--no-fund"];
  execFileSync("npm", [...install, "--prefer-offline", "--silent"], { cwd: directory });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const { HOME } = process.env;
const ENV = { PATH: `${join(directory, "node_modules/.bin")}:/usr/bin:/bin`, HOME };

/** Runs the installed program in a directory with these files. */
function run(args: readonly string[], contents: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(directory, "run-"));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(cwd, name), text);
  const { status, stdout, stderr } = spawnSync("copilot-task-bot", args, {
    cwd,
    env: ENV,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the package has the bundle, and neither sources nor tests", () => {
  const others = files.filter((path) => !/^dist\/[\w.-]+\.js$/u.test(path));
  expect(others.toSorted()).toEqual([
    ".env.example",
    "LICENSE",
    "README.md",
    "app.yml",
    "package.json",
  ]);
  // Earlier bundles lie beside this one, for bots that run from them.
  const entries = files.filter((path) => path.startsWith("dist/program.lint-"));
  expect(entries).toHaveLength(1);
  const installed = readdirSync(join(directory, "node_modules"));
  expect(installed.filter((name) => !/^\.|^node-linux-/u.test(name)).toSorted()).toEqual([
    "@github",
    "copilot-task-bot",
    "detect-libc",
  ]);
});

test("it shows its version, explains itself, and refuses what it doesn't know", () => {
  expect(run(["--version"])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
  expect(run(["--help"]).stdout).toMatch(/^Usage: copilot-task-bot .*\n(?:.*\n)+ {2}lint +check/u);
  expect(run(["nope"])).toEqual({
    status: 64,
    stdout: "",
    stderr: "copilot-task-bot: unknown command 'nope'. --help lists the commands.\n",
  });
  expect(run(["lnit"]).stderr).toBe(
    "copilot-task-bot: unknown command 'lnit'. Did you mean lint?\n",
  );
  expect(run(["audit", "--help"]).stdout).toMatch(/^Usage: copilot-task-bot audit /u);
  expect(run(["server", "--bogus"])).toEqual({
    status: 64,
    stdout: "",
    stderr: "copilot-task-bot server: unknown option '--bogus'\n",
  });
});

test("policy files are checked without settings, whatever .env has", () => {
  const contents = { "policy.yml": "forks: perhaps\n", ".env": "NODE_OPTIONS=--bogus\n" };
  expect(run(["lint", "policy.yml"], contents)).toEqual({
    status: 1,
    stdout: "policy.yml:1:8: `forks` must be one of `deny`, `base`, `allow-after-ok`\n",
    stderr: "",
  });
});

test("the bot starts with the settings of .env, answers, and stops on a signal", async () => {
  const missionControl = await startMissionControl();
  onTestFinished(() => missionControl.close());
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const settings = {
    ...github.environment,
    ...missionControl.environment,
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    HOST: "127.0.0.1",
    PORT: "0",
  };
  const cwd = join(directory, "bot");
  mkdirSync(cwd);
  const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(join(cwd, ".env"), lines.join(""), { mode: 0o600 });
  const bot = spawn("copilot-task-bot", ["server"], {
    cwd,
    env: ENV,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void bot.kill("SIGKILL"));
  const exited = once(bot, "exit");
  let url: string | undefined;
  for await (const line of createInterface({ input: bot.stdout })) {
    url = /"url":"(?<url>[^"]+)","msg":"listening"/u.exec(line)?.groups?.["url"];
    if (url !== undefined) break;
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(readdirSync(cwd).toSorted()).toEqual([".env", "data"]);
  bot.stdout.resume();
  bot.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
