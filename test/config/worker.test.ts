import { hostname } from "node:os";
import { expect, test } from "vitest";
import { secretsOfWorker } from "../../src/config/secrets.ts";
import { readWorkerEnvironment } from "../../src/config/worker.ts";

const SET = {
  DATABASE_URL: "postgres://worker:secret@db.example.com/bot",
  SELF_HOSTED_REPOSITORIES: "octo-org/*",
};

function problemsIn(variables: Readonly<Record<string, string>>): readonly string[] {
  try {
    readWorkerEnvironment(variables);
    return [];
  } catch (error) {
    const lines = error instanceof Error ? error.message.split("\n") : [];
    return lines.slice(1, -1).map((line) => line.trim());
  }
}

test("a worker needs a database and repositories, and has the machine's name", () => {
  expect(readWorkerEnvironment(SET)).toMatchObject({
    WORKER_NAME: hostname(),
    DATA_DIR: "data",
    LOG_LEVEL: "info",
    selfHosting: { repositories: ["octo-org/*"], labels: [], sessions: 2 },
  });
  expect(readWorkerEnvironment({ ...SET, SELF_HOSTED: "off", WORKER_NAME: "gpu-1" })).toMatchObject(
    { WORKER_NAME: "gpu-1" },
  );
  expect(problemsIn({})).toEqual([
    expect.stringMatching(/^SELF_HOSTED_REPOSITORIES is not set/u),
    "DATABASE_URL is not set. Set it to the bot's PostgreSQL database, like postgres://worker:secret@db.example.com:5432/bot.",
  ]);
});

test("a worker refuses the bot's secrets, by their names and without their values", () => {
  const secrets = {
    PRIVATE_KEY: "a key",
    PRIVATE_KEY_PATH: "key.pem",
    WEBHOOK_SECRET: "a secret",
    ENCRYPTION_KEYS: "keys",
    GITHUB_CLIENT_SECRET: "a secret",
    OAUTH_APP_CLIENT_SECRET: "a secret",
    COPILOT_GITHUB_TOKEN: "gho_a",
  };
  const problems = problemsIn({ ...SET, ...secrets });
  expect(problems.toSorted()).toEqual(
    Object.keys(secrets)
      .toSorted()
      .map(
        (name) =>
          `${name} is set, in the environment or in .env, but a worker must not have the bot's secrets. Remove it. If .env is the bot's, run the worker in a clone of its own.`,
      ),
  );
  expect(problemsIn({ ...SET, WEBHOOK_SECRET: " " })).toEqual([]);
});

test("a worker that sends traces has the receiver's address and headers, which stay out of its log", () => {
  const traced = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:s3cret-password@127.0.0.1:4318",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20s3cret-token",
  };
  const environment = readWorkerEnvironment({ ...SET, ...traced });
  expect(environment).toMatchObject({ ...traced, OTEL_TRACES_SAMPLER: "parentbased_always_on" });
  expect(secretsOfWorker(environment)).toEqual(
    expect.arrayContaining(["s3cret-password", "s3cret-token"]),
  );
});

test.for([
  [{ WORKER_NAME: "a b" }, "WORKER_NAME must have letters, digits, and ._- only, like gpu-1."],
  [{ SELF_HOSTED_SESSIONS: "0" }, "SELF_HOSTED_SESSIONS must be at least 1 for a worker."],
  [{ WORKER_LABLES: "gpu" }, "WORKER_LABLES is no setting. Did you mean WORKER_LABELS?"],
  [{ DATABASE_URL: "mysql://db" }, "DATABASE_URL must be a URL that begins with postgres://."],
] as const)("%j", ([changes, problem]) => {
  expect(problemsIn({ ...SET, ...changes })).toEqual([problem]);
});
