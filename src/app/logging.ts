import type { DestinationStream, LogFn, Logger } from "pino";
import { pino } from "pino";
import { withoutCredentials } from "../core/text/credentials.ts";
import { messageOf, read } from "../core/error/thrown.ts";
import { sqliteCodeOf } from "../store/sqlite-codes.ts";

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

/**
 * A log of JSON lines. An error is written as its type, message, stack, status, code and causes, never with the
 * other things that hang on it, under whatever name it is logged.
 *
 * @param secrets never written, wherever they would stand in an error's text
 * @param idsFor what a line gets in addition to its fields; null for nothing
 */
export function createLog(
  level: string,
  destination?: DestinationStream,
  secrets: readonly string[] = [],
  idsFor: ((fields: object) => object) | null = null,
): Logger {
  const describe = (error: unknown) => describeError(error, secrets, 0);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Readonly<Record<string, unknown>>) => withDescribedErrors(fields, describe),
    },
    serializers: { err: describe },
    ...(idsFor === null ? {} : { mixin: idsFor }),
    hooks: { logMethod: withOwnMessage },
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

/** An error that is logged alone: pino would take its message for the line's, secrets included. */
function withOwnMessage(this: Logger, args: Parameters<LogFn>, write: LogFn): void {
  const [first, ...rest] = args;
  const isAlone = first instanceof Error && rest.length === 0;
  Reflect.apply(write, this, isAlone ? [{ err: first }, "error"] : args);
}

/**
 * `err` has a serializer, except for undefined, which pino leaves out. An error under any other name would be
 * written with all that hangs on it.
 */
function withDescribedErrors(
  fields: Readonly<Record<string, unknown>>,
  describe: (error: unknown) => object,
): Record<string, unknown> {
  for (const name in fields) {
    if (needsDescription(name, fields[name])) {
      const entries = Object.entries(fields).map(([key, value]) => [
        key,
        needsDescription(key, value) ? describe(value) : value,
      ]);
      return Object.fromEntries(entries);
    }
  }
  return fields;
}

function needsDescription(name: string, value: unknown): boolean {
  return name === "err" ? value === undefined : value instanceof Error;
}

/** Errors can be caused by each other in a circle. */
const MAX_DEPTH = 5;
/** Of an AggregateError: one for each address that was tried. */
const MAX_ERRORS = 5;
/** In characters: a proxy's error page may be a whole message. */
const MAX_MESSAGE = 2_000;
const MAX_STACK = 8_000;

const FIELDS = ["name", "stack", "status", "cause", "errors"];

function describeError(error: unknown, secrets: readonly string[], depth: number): object {
  const clean = (text: string, max: number) => withoutSecrets(text, secrets).slice(0, max);
  const message = clean(messageOf(error), MAX_MESSAGE);
  if (typeof error !== "object" || error === null) return { message };
  const [name, stack, status, cause, errors] = FIELDS.map((field) => read(error, field));
  const code = sqliteCodeOf(error) ?? codeIn(error);
  const deeper = (inner: unknown) => describeError(inner, secrets, depth + 1);
  const isDeep = depth >= MAX_DEPTH;
  return {
    ...(error instanceof Error ? { type: typeof name === "string" ? name : "Error" } : {}),
    message,
    ...(typeof stack === "string" ? { stack: clean(withoutObjects(stack), MAX_STACK) } : {}),
    ...(typeof status === "number" ? { status } : {}),
    ...(code === null ? {} : { code }),
    ...(cause === undefined || cause === null || isDeep ? {} : { cause: deeper(cause) }),
    ...(Array.isArray(errors) && !isDeep
      ? { errors: errors.slice(0, MAX_ERRORS).map(deeper) }
      : {}),
  };
}

/** A stack begins with the message, which is no text when that is an object. */
function withoutObjects(stack: string): string {
  return stack.replace(/^(?<type>\w+): \[object \w+\]/u, "$<type>");
}

/** A code of the operating system's, PostgreSQL's or JSON-RPC's: short, and no sentence. */
function codeIn(error: object): string | number | null {
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "number") return code;
  return typeof code === "string" && /^\w{1,60}$/u.test(code) ? code : null;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  return withoutCredentials(known).text;
}
