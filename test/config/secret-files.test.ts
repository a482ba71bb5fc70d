import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { fileVariable, gatherVariables, SECRET_VARIABLES } from "../../src/config/secret-files.ts";
import { secretsOf } from "../../src/config/secrets.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { KEY, REQUIRED } from "./required.ts";

const { APP_ID, COPILOT_GITHUB_TOKEN, WEBHOOK_SECRET } = REQUIRED;

let directory = "";
beforeEach(() => {
  directory = temporaryDirectory();
});

/** The path of a new file. */
function fileWith(text: string): string {
  const path = join(directory, `secret-${text.length}`);
  writeFileSync(path, text);
  return path;
}

const problemsOf = (variables: Record<string, string>) => gatherVariables(variables).problems;

describe("a secret in a file", () => {
  test.each(SECRET_VARIABLES)("%s", (name) => {
    const path = fileWith("a-secret");
    expect(gatherVariables({ [fileVariable(name)]: path }).variables[name]).toBe("a-secret");
  });

  test("is as good as one in the environment, and as secret", () => {
    const environment = readEnvironment({
      APP_ID,
      PRIVATE_KEY_FILE: fileWith(KEY),
      WEBHOOK_SECRET_FILE: fileWith(`${WEBHOOK_SECRET}\n`),
      COPILOT_GITHUB_TOKEN_FILE: fileWith(`\uFEFF${COPILOT_GITHUB_TOKEN}\r\n`),
    });
    expect(environment).toEqual(readEnvironment(REQUIRED));
    expect(secretsOf(environment)).toContain(COPILOT_GITHUB_TOKEN);
  });

  test("is named with its file where it's wrong", () => {
    const variables = { ...REQUIRED, COPILOT_GITHUB_TOKEN: "" };
    const path = fileWith("ghx_nobody-knows");
    expect(() => readEnvironment({ ...variables, COPILOT_GITHUB_TOKEN_FILE: path })).toThrow(
      "Configuration problems:\n  COPILOT_GITHUB_TOKEN (in the file of COPILOT_GITHUB_TOKEN_FILE) must begin with github_pat_, gho_, or ghu_.\nSee .env.example.",
    );
  });

  test("isn't needed: a blank path says nothing", () => {
    expect(problemsOf({ WEBHOOK_SECRET_FILE: " " })).toEqual([]);
  });
});

const startWith = (path: string) => () =>
  readEnvironment({ ...REQUIRED, WEBHOOK_SECRET: "", WEBHOOK_SECRET_FILE: path });
const sentence = (problem: string) =>
  `Configuration problems:\n  WEBHOOK_SECRET_FILE ${problem}.\nSee .env.example.`;

describe("a file that can't be used stops the start", () => {
  test("there's none", () => {
    const problem = sentence("can't be read: file not found");
    expect(startWith(join(directory, "none"))).toThrow(problem);
    expect(startWith(join(fileWith("a"), "below"))).toThrow(problem);
  });

  test("it's a directory", () => {
    mkdirSync(join(directory, "inner"));
    expect(startWith(join(directory, "inner"))).toThrow(
      sentence("can't be read: it's a directory"),
    );
  });

  test.skipIf(process.getuid?.() === 0)("it's somebody else's", () => {
    const path = fileWith("a");
    chmodSync(path, 0);
    expect(startWith(path)).toThrow(sentence("can't be read: permission denied"));
  });

  test("it's empty", () => {
    expect(startWith(fileWith(" \n"))).toThrow(sentence("names an empty file"));
  });

  test("it's too large for a secret", () => {
    expect(startWith(fileWith("a".repeat(65_537)))).toThrow(
      sentence("names a file that is too large"),
    );
  });

  test("the secret is set, too", () => {
    const both = { ...REQUIRED, WEBHOOK_SECRET_FILE: fileWith("other") };
    expect(() => readEnvironment(both)).toThrow(
      sentence("and WEBHOOK_SECRET are both set. Remove one of them"),
    );
  });

  test("it's the secret itself, which nobody reads in the message", () => {
    expect(startWith("hunter2-hunter2-hunter2")).toThrow(sentence("can't be read: file not found"));
  });
});

describe("the database's password by itself", () => {
  const DATABASE_URL = "postgres://bot@db.example.com:5432/bot";

  test("may have any characters", () => {
    const password = "p@ss/w?rd#%41 ä+&";
    const { DATABASE_URL: url = "" } = readEnvironment({
      ...REQUIRED,
      DATABASE_URL,
      DATABASE_PASSWORD: password,
    });
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
    expect(secretsOf(readEnvironment({ ...REQUIRED, DATABASE_URL: url }))).toContain(password);
  });

  test("also for a socket", () => {
    const socket = "postgres:///bot?host=/run/postgresql&user=bot";
    const { variables } = gatherVariables({ DATABASE_URL: socket, DATABASE_PASSWORD: "a b+c" });
    const url = new URL(variables["DATABASE_URL"] ?? "");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      host: "/run/postgresql",
      user: "bot",
      password: "a b+c",
    });
  });

  test.each([
    [{}, "DATABASE_PASSWORD is set, but DATABASE_URL is not. Set both, or neither"],
    [
      { DATABASE_URL: "postgres://bot:other@db.example.com/bot" },
      "DATABASE_PASSWORD is set, but DATABASE_URL has a password. Remove one of them",
    ],
    [
      { DATABASE_URL: "postgres://db.example.com/bot?password=other" },
      "DATABASE_PASSWORD is set, but DATABASE_URL has a password. Remove one of them",
    ],
  ])("and not with %j", (more, problem) => {
    expect(problemsOf({ ...more, DATABASE_PASSWORD: "secret" })).toEqual([problem]);
  });

  test("and only what's wrong with the URL is said where that's wrong", () => {
    const wrong = { ...REQUIRED, DATABASE_URL: "mysql://db", DATABASE_PASSWORD: "secret" };
    expect(() => readEnvironment(wrong)).toThrow(
      "Configuration problems:\n  DATABASE_URL must be a URL that begins with postgres://.\nSee .env.example.",
    );
  });
});
