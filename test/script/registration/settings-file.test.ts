import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { problemOfFile, saveCredentials } from "../../../script/lib/registration/settings-file.ts";
import { fill, mountSmallDisk } from "../../small-disk.ts";
import { temporaryDirectory } from "../../store/opened.ts";
import { APP } from "./app.ts";

const CREDENTIALS = { appId: APP.id, pem: APP.pem, settings: { APP_ID: "123456" } };
const WRITTEN = "PRIVATE_KEY_PATH=private-key.pem\nAPP_ID=123456\n";

/** Nothing of it gets into anybody's home. */
const save = (file: string, besides = [dirname(file)]) =>
  saveCredentials(file, CREDENTIALS, besides);

const modeOf = (file: string) => statSync(file).mode & 0o777;

test("the settings and the key are for this account alone, whatever .env was", () => {
  const directory = temporaryDirectory();
  const file = join(directory, ".env");
  writeFileSync(file, "LOG_LEVEL=warn\n");
  chmodSync(file, 0o666);
  const keyFile = join(directory, "private-key.pem");
  expect(save(file)).toEqual({ type: "saved", file, keyFile });
  expect(readFileSync(file, "utf8")).toBe(`LOG_LEVEL=warn\n${WRITTEN}`);
  expect(readFileSync(keyFile, "utf8")).toBe(APP.pem);
  expect([modeOf(file), modeOf(keyFile)]).toEqual([0o600, 0o600]);
  expect(readdirSync(directory).toSorted()).toEqual([".env", "private-key.pem"]);
});

test("another App's key stays", () => {
  const directory = temporaryDirectory();
  const file = join(directory, ".env");
  writeFileSync(join(directory, "private-key.pem"), "another");
  const saved = save(file);
  expect(saved).toMatchObject({
    type: "saved",
    keyFile: join(directory, "private-key.123456.pem"),
  });
  expect(readFileSync(join(directory, "private-key.pem"), "utf8")).toBe("another");
  expect(readFileSync(file, "utf8")).toContain("PRIVATE_KEY_PATH=private-key.123456.pem\n");
});

test("what a link leads to is written, and the link stays", () => {
  const [directory, elsewhere] = [temporaryDirectory(), temporaryDirectory()];
  const file = join(directory, ".env");
  writeFileSync(join(elsewhere, "settings"), "LOG_LEVEL=warn\n");
  symlinkSync(join(elsewhere, "settings"), file);
  expect(problemOfFile(file)).toBeNull();
  expect(save(file).type).toBe("saved");
  expect(readFileSync(join(elsewhere, "settings"), "utf8")).toBe(`LOG_LEVEL=warn\n${WRITTEN}`);
  expect(readdirSync(elsewhere)).toEqual(["settings"]);
});

test("it belongs to its owner as before, and so does the key", ({ skip }) => {
  skip(process.getuid?.() !== 0, "only root can give files away");
  const file = join(temporaryDirectory(), ".env");
  writeFileSync(file, "");
  execFileSync("chown", ["65534:65534", file]);
  save(file);
  for (const written of [file, join(dirname(file), "private-key.pem")]) {
    expect(statSync(written)).toMatchObject({ uid: 65_534, gid: 65_534 });
  }
});

/** They're in a directory of their own. */
function expectKept(directory: string, saved: ReturnType<typeof saveCredentials>, why: string) {
  if (saved.type !== "elsewhere") throw new Error(saved.type);
  expect(saved.why).toBe(why);
  expect(dirname(dirname(saved.file))).toBe(directory);
  expect(readFileSync(saved.file, "utf8")).toBe(WRITTEN);
  expect(readFileSync(saved.keyFile, "utf8")).toBe(APP.pem);
  expect([modeOf(dirname(saved.file)), modeOf(saved.file), modeOf(saved.keyFile)]).toEqual([
    0o700, 0o600, 0o600,
  ]);
}

describe("where .env can't be written, the credentials are kept, and nothing is overwritten", () => {
  test("it's a directory", () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    mkdirSync(file);
    expect(problemOfFile(file)).toBe("it's a directory");
    expectKept(directory, save(file), "it's a directory");
    expect(existsSync(join(directory, "private-key.pem"))).toBe(false);
  });

  test("it isn't UTF-8, so it would be written back changed", () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    const utf16 = Buffer.from("\uFEFFDATABASE_PASSWORD=geheim\n", "utf16le");
    writeFileSync(file, utf16);
    expect(problemOfFile(file)).toBe("it isn't UTF-8");
    expectKept(directory, save(file), "it isn't UTF-8");
    expect(readFileSync(file)).toEqual(utf16);
  });

  test("it begins with a byte order mark and has an App already", () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    writeFileSync(file, "\uFEFFAPP_ID=1\n");
    expectKept(directory, save(file), "it has got APP_ID meanwhile");
    expect(readFileSync(file, "utf8")).toBe("\uFEFFAPP_ID=1\n");
  });

  test("it's a link to nowhere", () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    symlinkSync(join(directory, "nowhere"), file);
    const why = "it's a link to a file that doesn't exist";
    expect(problemOfFile(file)).toBe(why);
    expectKept(directory, save(file), why);
  });

  test("somebody else has registered an App meanwhile", () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".env");
    writeFileSync(file, "APP_ID=1\n");
    expectKept(directory, save(file), "it has got APP_ID meanwhile");
    expect(readFileSync(file, "utf8")).toBe("APP_ID=1\n");
  });

  test("the disk is full: elsewhere, or nowhere, and then again", ({ skip }) => {
    const disk = mountSmallDisk() ?? "";
    skip(disk === "", "only root can mount a small disk");
    const file = join(disk, ".env");
    writeFileSync(file, "LOG_LEVEL=warn\n");
    const free = fill(disk);
    expect(problemOfFile(file)).toBe("the disk is full");
    const elsewhere = temporaryDirectory();
    const saved = save(file, [disk, elsewhere]);
    expectKept(elsewhere, saved, "the disk is full");
    const why = "the disk is full";
    expect(save(file, [disk])).toEqual({ type: "unsaved", why });
    expect(readFileSync(file, "utf8")).toBe("LOG_LEVEL=warn\n");
    expect(readdirSync(disk).toSorted()).toEqual([".env", "filler"]);
    free();
    expect(problemOfFile(file)).toBeNull();
    expect(save(file).type).toBe("saved");
  });
});

test("Git and Docker leave out whatever is written", () => {
  const directory = temporaryDirectory();
  execFileSync("git", ["init", "--quiet", directory]);
  copyFileSync(".gitignore", join(directory, ".gitignore"));
  const names = [".env", ".env.0a1b2c.tmp", ".env.registered-AbCdEf/.env", "private-key.pem"];
  const ignored = execFileSync("git", ["check-ignore", ...names, "private-key.123456.pem"], {
    cwd: directory,
    encoding: "utf8",
  });
  expect(ignored.trim().split("\n")).toEqual([...names, "private-key.123456.pem"]);
  // Docker leaves out everything that isn't named.
  const [first, ...named] = readFileSync(".dockerignore", "utf8").trim().split("\n");
  expect(first).toBe("*");
  expect(named.filter((line) => !/^![\w.-]+$/u.test(line) || /env|pem/u.test(line))).toEqual([]);
});
