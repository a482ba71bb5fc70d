import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";

/** Fields under these names are secrets or strangers' words, wherever a library may put them. */
const SECRET: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "signature",
  "token",
  "gitHubToken",
  "privateKey",
  "secret",
  "payload",
  "body",
  "headers",
  "request",
  "response",
]);

/** A log of JSON lines: errors with type, message and stack alone, never with what hangs on them. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: withoutSecrets,
    },
    redact: { paths: [...SECRET], remove: true },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * Leaves secrets out of the fields of a line's fields; out of the line itself pino leaves them, which would
 * copy every line to look deeper, and take three times as long as the line.
 */
function withoutSecrets(fields: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries<unknown>({ ...fields })) {
    kept[name] = name !== "err" && holdsSecrets(value) ? notSecret(value) : value;
  }
  return kept;
}

function holdsSecrets(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).some(isSecret);
}

function notSecret(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !isSecret(name)));
}

function isSecret(name: string): boolean {
  return SECRET.has(name);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const status = "status" in error ? { status: error.status } : {};
  const why = cause === undefined ? {} : { cause: describeError(cause) };
  return { type: name, message, stack, ...status, ...why };
}
