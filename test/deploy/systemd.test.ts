import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { readWorkerEnvironment } from "../../src/config/worker.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { hasSystemdAnalyze } from "../systemd-analyze.ts";
import { secretsDirectory } from "./settings.ts";

const UNIT = "deploy/systemd/copilot-task-bot.service";
const unit = readFileSync(UNIT, "utf8");

const forSessions = readFileSync("deploy/systemd/self-hosted.conf", "utf8");

/** The values of a key, in their order. */
function valuesIn(text: string, key: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^${key}=(?<value>.*)$`, "gmu"))].map(
    ({ groups }) => groups?.["value"] ?? "",
  );
}

function valuesOf(key: string): readonly string[] {
  return valuesIn(unit, key);
}

/** The options with which Node runs the bot. */
function optionsIn(command: string): readonly string[] {
  return command.match(/--[\w-]+(?:=[\w-]+)?(?=[" ])/gu) ?? [];
}

/** The unit with what a bot needs besides that runs sessions; the program that it starts is on the administrator's machine. */
function unitForSessions(): string {
  const directory = temporaryDirectory();
  const file = join(directory, "copilot-task-bot.service");
  writeFileSync(file, unit.replace(/^ExecStart=\S+/mu, "ExecStart=/bin/true"));
  mkdirSync(`${file}.d`);
  copyFileSync("deploy/systemd/self-hosted.conf", join(`${file}.d`, "self-hosted.conf"));
  return file;
}

describe.skipIf(!hasSystemdAnalyze)("the unit with what sessions need", () => {
  test("is understood by systemd, and still exposes little", () => {
    const file = unitForSessions();
    const verified = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
      encoding: "utf8",
    });
    expect(verified).toMatchObject({ stderr: "", status: 0 });
    const args = ["security", "--no-pager", "--offline=yes", "--threshold=31", file];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    expect(status, stdout).toBe(0);
    // bubblewrap's own calls, and Delegate, are seen there.
    expect(stdout).toMatch(/RestrictNamespaces=~user .*0\.3/u);
    expect(stdout).toMatch(/Delegate= .*delegated/u);
  });

  test("allows the system calls with which sandboxes are made", () => {
    const allowed = valuesIn(forSessions, "SystemCallFilter").find((it) => it !== "") ?? "";
    const sets = allowed
      .split(" ")
      .flatMap((name) => (name.startsWith("@") ? callsIn(name) : name));
    for (const call of ["unshare", "clone", "mount", "umount2", "pivot_root", "sethostname"])
      expect(sets).toContain(call);
    for (const call of ["prlimit64", "setpriority", "prctl", "capset"])
      expect(sets).toContain(call);
  });
});

const WORKER = "deploy/systemd/copilot-task-bot-worker.service";
const worker = readFileSync(WORKER, "utf8");

/** The lines of a unit that set something. */
function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => /^[A-Z]/u.test(line));
}

test("the worker's unit allows what the bot's allows with sessions, and has all that a worker needs to start", () => {
  const reset = lines(forSessions).filter((line) => /=(?:no|)$/u.test(line));
  for (const line of reset) expect(valuesIn(worker, line.split("=")[0] ?? "")).not.toContain("yes");
  const set = lines(forSessions).filter((line) => !reset.includes(line));
  const families = "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK";
  expect(lines(worker)).toEqual(
    expect.arrayContaining(
      set.map((line) => (line.startsWith("RestrictAddress") ? families : line)),
    ),
  );

  const settings = parseEnv(
    "DATABASE_URL=postgres://worker@db.example.com/bot\nSELF_HOSTED_REPOSITORIES=octo-org/*",
  );
  const given = valuesIn(worker, "Environment").map((assignment) => assignment.split("="));
  const password = join(secretsDirectory(), "database-password");
  const environment = readWorkerEnvironment({
    ...settings,
    ...Object.fromEntries(
      given.map(([name, value = ""]) => [
        name,
        value.replace("%d/database-password", password).replace(/%[SC]/u, "/var/lib"),
      ]),
    ),
  });
  expect(environment).toMatchObject({ DATA_DIR: "/var/lib/copilot-task-bot-worker" });
  expect(valuesIn(worker, "StateDirectory")).toEqual(["copilot-task-bot-worker"]);
  expect(valuesIn(worker, "RestartPreventExitStatus")).toEqual(["78"]);
});

test.skipIf(!hasSystemdAnalyze)(
  "the worker's unit is understood by systemd, and exposes little",
  () => {
    const file = join(temporaryDirectory(), "copilot-task-bot-worker.service");
    writeFileSync(file, worker.replace(/^ExecStart=\S+/mu, "ExecStart=/bin/true"));
    const verified = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
      encoding: "utf8",
    });
    expect(verified).toMatchObject({ stderr: "", status: 0 });
    const args = ["security", "--no-pager", "--offline=yes", "--threshold=31", WORKER];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    expect(status, stdout).toBe(0);
  },
);

/** The system calls in one of systemd's sets. */
function callsIn(name: string): readonly string[] {
  const { stdout } = spawnSync("systemd-analyze", ["syscall-filter", name], { encoding: "utf8" });
  const [, ...entries] = stdout.split("\n").map((line) => line.trim());
  return entries
    .filter((line) => line !== "" && !line.startsWith("#"))
    .flatMap((line) => (line.startsWith("@") ? callsIn(line) : line));
}

describe.skipIf(!hasSystemdAnalyze)("the unit", () => {
  test("is understood by systemd", () => {
    // The program that it starts is on the administrator's machine.
    const file = join(temporaryDirectory(), "copilot-task-bot.service");
    writeFileSync(file, unit.replace(/^ExecStart=\S+/mu, "ExecStart=/bin/true"));
    const { stderr, status } = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test("exposes little of the machine", () => {
    const args = ["security", "--no-pager", "--offline=yes", "--threshold=15", UNIT];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    expect(status, stdout).toBe(0);
  });
});

test("the settings, credentials, and directories are all that the bot needs to start", () => {
  const directory = secretsDirectory();
  const credentials = valuesOf("LoadCredential").map((value) => value.split(":")[0]);
  const given = valuesOf("Environment").map((assignment) => {
    const [name = "", value = ""] = assignment.split("=");
    const [, credential] = /^%d\/(?<file>.*)$/u.exec(value) ?? [];
    if (credential === undefined) return [name, value.replace(/%[SC]/u, "/var/lib")];
    expect(credentials).toContain(credential);
    return [name, join(directory, credential)];
  });
  const settings = parseEnv(
    "APP_ID=4711\nGITHUB_CLIENT_ID=Iv23liAbCdEfGhIjKlMn\nPUBLIC_URL=https://bot.example.com",
  );
  const environment = readEnvironment({ ...settings, ...Object.fromEntries(given) });
  expect(environment).toMatchObject({ HOST: "127.0.0.1", DATA_DIR: "/var/lib/copilot-task-bot" });
  expect(valuesOf("StateDirectory")).toEqual(["copilot-task-bot"]);
});

test("Node runs the bot in the same way everywhere", () => {
  const options = optionsIn(valuesOf("ExecStart")[0] ?? "");
  expect(options.length).toBeGreaterThan(2);
  const server = /^exec node .*$/mu.exec(readFileSync("script/server", "utf8"))?.[0] ?? "";
  const image = /^CMD .*$/mu.exec(readFileSync("Dockerfile", "utf8"))?.[0] ?? "";
  expect(optionsIn(server)).toEqual(options);
  expect(optionsIn(image)).toEqual(options);
});

test("a wrong setting isn't tried again and again", () => {
  expect(valuesOf("RestartPreventExitStatus")).toEqual(["78"]);
});
