import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";

/** Fields under these names are secrets or strangers' words, wherever a library may put them. */
const SECRET = [
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
  "event.payload",
];

/** A log of JSON lines: errors with type, message and stack alone, never with what hangs on them. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: [...SECRET, ...SECRET.map((name) => `*.${name}`)], remove: true },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * The same log for lines whose fields are all the bot's own words: nothing is looked for in them, which takes
 * twice as long as writing them. What hangs on an error is left out as ever.
 */
export function forOwnWords(log: Logger): Logger {
  return log.child({}, { redact: [] });
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const status = "status" in error ? { status: error.status } : {};
  const why = cause === undefined ? {} : { cause: describeError(cause) };
  return { type: name, message, stack, ...status, ...why };
}
