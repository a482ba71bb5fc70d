import { hostname } from "node:os";
import { z } from "zod";
import { copilotHostOf, problemsOfHosts } from "../core/github/hosts.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import { environmentSchema, wrongEnvironment } from "./environment.ts";
import { misspelledVariables } from "./misspelled.ts";
import { proxyVariables } from "./proxy.ts";
import { isSet } from "./renamed.ts";
import { fileVariable, gatherVariables, SECRET_VARIABLES } from "./secret-files.ts";
import { readSelfHosting, SELF_HOSTING_VARIABLES } from "./self-hosting.ts";
import { trimmed } from "./values.ts";

const workerSchema = environmentSchema
  .pick({
    COPILOT_RUNTIME: true,
    GITHUB_COPILOT_INTEGRATION_ID: true,
    COPILOT_MC_BASE_URL: true,
    COPILOT_API_URL: true,
    COPILOT_DEBUG_GITHUB_API_URL: true,
    COPILOT_GH_HOST: true,
    COPILOT_MC_FRONTEND_URL: true,
    LINK_HOSTS: true,
    GHE_HOST: true,
    GHE_PROTOCOL: true,
    HTTPS_PROXY: true,
    HTTP_PROXY: true,
    NO_PROXY: true,
    DATA_DIR: true,
    DATABASE_URL: true,
    LOG_LEVEL: true,
    SESSION_START_TIMEOUT_SECONDS: true,
    OTEL_EXPORTER_OTLP_ENDPOINT: true,
    OTEL_EXPORTER_OTLP_HEADERS: true,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: true,
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: true,
    OTEL_EXPORTER_OTLP_PROTOCOL: true,
    OTEL_SERVICE_NAME: true,
    OTEL_TRACES_SAMPLER: true,
    OTEL_TRACES_SAMPLER_ARG: true,
  })
  .extend({
    DATABASE_URL: z
      .string(
        "is not set. Set it to the bot's PostgreSQL database, like postgres://worker:secret@db.example.com:5432/bot",
      )
      .pipe(environmentSchema.shape.DATABASE_URL.unwrap()),
    WORKER_NAME: trimmed
      .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/iu, {
        error: "must have letters, digits, and ._- only, like gpu-1",
      })
      .default(() => hostname()),
  });

/** What a worker runs with. */
export type WorkerEnvironment = z.output<typeof workerSchema> & {
  readonly selfHosting: SelfHosting;
};

/** What a worker needs of the secrets: its machine runs what agents write. */
const NEEDED: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "DATABASE_PASSWORD",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
]);

const FORBIDDEN: readonly string[] = [
  ...SECRET_VARIABLES.flatMap((name) => (NEEDED.has(name) ? [] : [name, fileVariable(name)])),
  "PRIVATE_KEY_PATH",
];

const KNOWN_TO_WORKERS: ReadonlySet<string> = new Set([
  ...Object.keys(environmentSchema.shape),
  ...Object.keys(workerSchema.shape),
  ...SELF_HOSTING_VARIABLES,
  ...SECRET_VARIABLES.flatMap((name) => [name, fileVariable(name)]),
]);

/**
 * Checks the environment of a worker. The bot's own secrets are refused, by their names.
 *
 * @throws WrongEnvironment that names each wrong variable and the cure, without any value
 */
export function readWorkerEnvironment(
  given: Readonly<Record<string, string | undefined>>,
): WorkerEnvironment {
  const forbidden = FORBIDDEN.filter((name) => isSet(given[name])).map(
    (name) =>
      `${name} is set, in the environment or in .env, but a worker must not have the bot's secrets. Remove it. If .env is the bot's, run the worker in a clone of its own`,
  );
  const { variables, problems: unread } = gatherVariables(given);
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => isSet(value)));
  const machine = readSelfHosting({ ...set, SELF_HOSTED: "on" });
  const read = workerSchema.safeParse({ ...set, ...proxyVariables(set) });
  const problems = [
    ...forbidden,
    ...unread,
    ...misspelledVariables(variables, KNOWN_TO_WORKERS),
    ...(machine.type === "problems" ? machine.problems : []),
    ...(read.success
      ? problemsOfHosts(read.data)
      : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)),
  ];
  if (machine.type === "on" && machine.selfHosting.sessions === 0) {
    problems.push("SELF_HOSTED_SESSIONS must be at least 1 for a worker");
  }
  if (!read.success || machine.type !== "on" || problems.length > 0) {
    throw wrongEnvironment(problems);
  }
  const COPILOT_GH_HOST = copilotHostOf(read.data);
  return { ...read.data, COPILOT_GH_HOST, selfHosting: machine.selfHosting };
}
