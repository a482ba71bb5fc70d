import type { ExecFileOptions } from "node:child_process";
import { execFile, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { startBot } from "../../sandbox/demo/bot.ts";
import { copilotAccount } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import { isolationTrouble } from "../../src/core/isolation/unavailable.ts";
import { isComplete } from "../runs.ts";
import { addedBy, buildInDirectory, commandOfImage } from "./dockerfile.ts";

/** What the image may have beside Node and the Copilot runtime. It has 22. */
const MAX_MEGABYTES = 40;

const hasEngine = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
if (!hasEngine) {
  process.stderr.write(
    "No container engine answers. The image isn't built; the Dockerfile's steps are taken in a directory.\n",
  );
}

const printed = z.object({ stdout: z.string() });

/** What a program prints, whether it succeeds or not. Not with spawnSync: GitHub answers in this process. */
async function outputOf(command: string, args: readonly string[], options: ExecFileOptions = {}) {
  const { stdout } = await promisify(execFile)(command, args, options).catch((error: unknown) =>
    printed.parse(error),
  );
  return String(stdout).trim();
}

const docker = (...args: string[]) => outputOf("docker", args);

/** In bytes, of the files below a directory that aren't the Copilot runtime's. */
function sizeWithoutRuntime(directory: string): number {
  const runtime = join("node_modules", "@github", "copilot");
  const own = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      path !== runtime && !path.startsWith(runtime + sep) && !path.startsWith(`${runtime}-linux`),
  );
  return own.reduce((sum, path) => sum + lstatSync(join(directory, path)).size, 0);
}

/** A directory on the file system of the packages, to which they can be linked. It's gone after the test. */
function besidePackages(): string {
  const cache = join("node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const directory = resolve(mkdtempSync(join(cache, "image-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function openWorld(): Promise<Record<string, string>> {
  const missionControl = await startMissionControl();
  onTestFinished(() => missionControl.close());
  const github = await startGitHub();
  onTestFinished(() => github.close());
  return {
    COPILOT_GITHUB_TOKEN: github.as(copilotAccount).token,
    ...github.environment,
    ...missionControl.environment,
  };
}

// The bundle that it's made of is also tested as script/server runs it.
test.runIf(isComplete)(
  "what the Dockerfile makes is small, starts, and has the programs of administrators",
  async () => {
    const { root, workingDirectory, variables } = buildInDirectory(besidePackages());
    expect(readdirSync(workingDirectory).toSorted()).toEqual(
      ["LICENSE", "app.yml", "compiled", "dist", "node_modules", "package.json"].toSorted(),
    );
    expect(sizeWithoutRuntime(workingDirectory) / 1e6).toBeLessThan(MAX_MEGABYTES);

    const run = (...args: string[]) =>
      outputOf("copilot-task-bot", args, { env: variables, cwd: root });
    expect(await run("--version")).toBe(manifest.version);
    expect(await run("worker", "--help")).toContain("worker");

    const program = join(workingDirectory, commandOfImage().at(-1) ?? "");
    const settings = await openWorld();
    const bot = await startBot({ ...variables, ...settings }, program);
    onTestFinished(() => bot.kill());
    expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
    Object.assign(variables, settings);
    const report = await run("doctor");
    expect(report).toContain("ok       Copilot versions: ");
    expect(report).toContain("ok       bot: A bot is running on");
    expect(await bot.stop()).toBe(0);
  },
);

test.runIf(hasEngine)("the image is built, and answers", { timeout: 900_000 }, async () => {
  const image = await docker("build", "--quiet", ".");
  const settings = { ...(await openWorld()), HOST: "127.0.0.1", PORT: "0" };
  const variables = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const container = await docker("run", "--detach", "--network=host", ...variables, image);
  onTestFinished(async () => void (await docker("rm", "--force", "--volumes", container)));
  const log = () => docker("logs", container);
  await expect.poll(log).toContain('"msg":"listening"');
  const url = /"url":"(?<url>[^"]+)"/u.exec(await log())?.groups?.["url"] ?? "";
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await docker("exec", container, "copilot-task-bot", "doctor")).toContain(
    "Copilot runtime",
  );
});

test("the image for sessions has what isolates them, and the bot isn't root there", () => {
  expect(addedBy("bot")).toEqual({ packages: ["ca-certificates", "tini"], user: "node" });
  const { packages, user } = addedBy("self-hosted");
  expect(user).toBe("node");
  const { cure } = isolationTrouble("isolation_programs");
  const [, wanted = ""] = /apt-get install (?<packages>[\w -]+)/u.exec(cure) ?? [];
  expect(packages).toEqual([...wanted.split(" "), "git"].toSorted());
});

const locked = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

test("the lock file has the runtime for each architecture of the image", () => {
  const { packages } = locked.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  const workflow = readFileSync(".github/workflows/release.yml", "utf8");
  expect(workflow).toContain("platforms: linux/amd64,linux/arm64");
  const version = manifest.dependencies["@github/copilot"];
  for (const cpu of ["x64", "arm64"]) {
    expect(packages[`node_modules/@github/copilot-linux-${cpu}`]).toMatchObject({
      version,
      integrity: expect.stringMatching(/^sha512-/u),
    });
  }
});

test("every action of the workflows is pinned by its commit, with its version beside it", () => {
  const workflows = readdirSync(".github/workflows").map((name) => `.github/workflows/${name}`);
  const used = workflows.flatMap((path) => readFileSync(path, "utf8").match(/uses: .*/gu) ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const line of used) {
    expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  }
});
