import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { SECRET_VARIABLES } from "../../src/config/secret-files.ts";
import { secretsOf } from "../../src/config/secrets.ts";

const EXAMPLE = ".env.example";
const REQUIRED = {
  APP_ID: "4711",
  PRIVATE_KEY: generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey,
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
};
const KEYS = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
const CONNECTING = {
  GITHUB_CLIENT_ID: "Iv23liAbCdEfGhIjKlMn",
  PUBLIC_URL: "https://bot.example.com",
  ENCRYPTION_KEYS: KEYS.join(","),
  OAUTH_APP_CLIENT_ID: "0123456789abcdef0123",
};

/** A variable without a default leaves no trace in what is read, so this reads the source itself. */
function variablesInSource(): string[] {
  const source = ["environment", "self-hosting", "worker"]
    .map((file) => readFileSync(`src/config/${file}.ts`, "utf8"))
    .join("\n");
  const others = ["connecting", "secret-files"]
    .map((file) => readFileSync(`src/config/${file}.ts`, "utf8"))
    .join("\n");
  const names = [
    ...source.matchAll(/^ {2,4}(?<name>[A-Z][A-Z_]+): (?!true)/gmu),
    ...others.matchAll(/"(?<name>[A-Z]+_[A-Z_]+)"/gu),
  ];
  return [...new Set(names.map(({ groups }) => groups?.["name"] ?? ""))];
}

describe.skipIf(!existsSync(EXAMPLE))(".env.example", () => {
  const example = existsSync(EXAMPLE) ? parseEnv(readFileSync(EXAMPLE, "utf8")) : {};

  test("lists every variable, and no other", () => {
    expect(Object.keys(example).toSorted()).toEqual(
      [...variablesInSource(), "PRIVATE_KEY_PATH"].toSorted(),
    );
  });

  test("says which secrets can be in files", () => {
    const secrets = Object.keys(example).filter((name) =>
      /TOKEN|SECRET|PASSWORD|KEYS?$/u.test(name),
    );
    expect(SECRET_VARIABLES).toEqual(expect.arrayContaining(secrets));
  });

  test("gives the defaults, and nothing for what is required", () => {
    expect(readEnvironment({ ...example, ...REQUIRED })).toEqual(readEnvironment(REQUIRED));
    for (const name of Object.keys(REQUIRED)) expect(example[name]).toBe("");
  });
});

test("no token, secret, key, or password gets into the log", () => {
  const names = Object.keys(parseEnv(readFileSync(".env.example", "utf8")));
  const secrets = names.filter((name) => /TOKEN|SECRET|PASSWORD/u.test(name));
  expect(secrets.length).toBeGreaterThan(1);
  const values = new Map(secrets.map((name) => [name, `github_pat_of_${name}`]));
  const hidden = secretsOf(
    readEnvironment({
      ...REQUIRED,
      ...CONNECTING,
      DATABASE_URL: "postgres://bot@db.example.com/bot",
      ...Object.fromEntries(values),
    }),
  );
  const shown = secrets.filter((name) => !hidden.includes(values.get(name) ?? ""));
  expect(shown).toEqual([]);
  expect(hidden).toEqual(expect.arrayContaining(KEYS));
  expect(hidden).toEqual(expect.arrayContaining(REQUIRED.PRIVATE_KEY.trim().split("\n")));
});

test("no header for the receiver of traces, and no password of its, gets into the log", () => {
  const environment = readEnvironment({
    ...REQUIRED,
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://bot:s3cret%21@collector.example.com",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a%3Dtoken, x-api-key = the-key ",
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://bot:another-s3cret@collector.example.com",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-api-key=traces-key",
  });
  expect(secretsOf(environment)).toEqual(
    expect.arrayContaining(["s3cret!", "s3cret%21", "Bearer%20a%3Dtoken", "a=token", "the-key"]),
  );
  expect(secretsOf(environment)).toEqual(expect.arrayContaining(["another-s3cret", "traces-key"]));
});
