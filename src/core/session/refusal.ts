import { z } from "zod";
import type { Failure } from "../task/failure.ts";
import type { Meaning, Sign } from "./refusal-signs.ts";
import { PAGE, REASONS, SERVER_TROUBLE, SILENCE, STATUSES, WORDS } from "./refusal-signs.ts";

/** What is known of an answer with which a session was refused. */
export interface Refusal {
  readonly message: string;
  /** JSON-RPC's number, or a word where a runtime gives one. */
  readonly code?: number | string | undefined;
  readonly reason?: string | undefined;
  readonly dataReason?: string | undefined;
  /** HTTP status, where the error has one. 1.0.80 of the runtime drops it. */
  readonly status?: number | undefined;
  /** The repository that a session was wanted for: its names say nothing about the answer. */
  readonly asked?: { readonly owner: string; readonly repository: string };
}

/** JSON-RPC's "method not found": how a runtime that cannot do cloud sessions answers. */
const METHOD_NOT_FOUND = -32601;

const PREFIX = /^Request session\.\w+ failed with message: /u;
const TASK_ID =
  /\b(?:task ID|tasks?\/?)[ :]*(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/iu;
const SECONDS = /(?:retry|try again|wait)\D{0,20}(?<seconds>\d{1,4})\s*s(?:ec|\b)/iu;
/** As in `402 {"error":…}`, `HTTP 409: …`, `Failed to create Mission Control session: 403`. */
const STATUS =
  /^(?:HTTP |CAPIError: |Error: )?(?<first>[45]\d\d)\b|\((?:HTTP )?(?<inside>[45]\d\d)\)|: (?<last>[45]\d\d)(?: [A-Z][a-z ]+)?$/u;

/**
 * The failure that a refusal is. `unknown` when neither a field, nor a status, nor the text says. The
 * runtime passes on Mission Control's text and drops its status, so the text is mostly all there is.
 *
 * @param own what who refused says in words of its own, besides those of GitHub's and Copilot's APIs
 */
export function failureOf(refusal: Refusal, own: readonly Sign[]): Failure {
  const message = refusal.message.replace(PREFIX, "");
  const status = refusal.status ?? statusIn(message);
  const { reasons, words } = readAnswer(refusal, message);
  const found = meaningOf({ refusal, message, status, reasons, words }, own);
  const sessionId = TASK_ID.exec(message)?.groups?.["id"];
  const seconds = SECONDS.exec(message)?.groups?.["seconds"];
  const { code = "unknown", cause } = found ?? {};
  const reason = code === "unknown" ? reasons[0] : undefined;
  return {
    code,
    message,
    nothingCreated: (found?.nothingCreated ?? false) || isRefusal(status),
    ...(cause === undefined ? {} : { cause }),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }),
  };
}

/** Answers of 4xx that may come although something was created: a time limit, a conflict, a client gone. */
const MAYBE_CREATED: ReadonlySet<number> = new Set([408, 409, 425, 499]);

function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && !MAYBE_CREATED.has(status);
}

function statusIn(message: string): number | undefined {
  const { first, inside, last } = STATUS.exec(message.trim())?.groups ?? {};
  const found = first ?? inside ?? last;
  return found === undefined ? undefined : Number(found);
}

interface Answer {
  readonly refusal: Refusal;
  readonly message: string;
  readonly status: number | undefined;
  readonly reasons: readonly string[];
  readonly words: readonly string[];
}

function meaningOf(
  { refusal, message, status, reasons, words }: Answer,
  own: readonly Sign[],
): Meaning | undefined {
  if (refusal.code === METHOD_NOT_FOUND) {
    return { code: "runtime_unsupported", nothingCreated: true };
  }
  const named = reasons.map((reason) => REASONS.get(reason.toLowerCase()));
  const known = named.find((meaning) => meaning !== undefined);
  const isServers = status !== undefined && status >= 500;
  if (known !== undefined && !isServers) return known;
  const sign = [PAGE, ...own, SILENCE].find(({ says }) => says.test(message));
  if (sign !== undefined) return sign;
  const isTrouble = words.some((text) => SERVER_TROUBLE.says.test(text));
  // A refusal may say that a policy couldn't be checked; a server that broke has refused nothing.
  if (isServers || (isTrouble && !isRefusal(status))) {
    return isTrouble ? SERVER_TROUBLE : undefined;
  }
  const said = WORDS.find(({ says }) => words.some((text) => says.test(text)));
  return said ?? STATUSES.get(status ?? 0);
}

const word = z.string().min(1).optional().catch(undefined);
const errorFields = z.object({ message: word, code: word, type: word, reason: word });
const body = z.object({
  message: word,
  code: word,
  type: word,
  reason: word,
  error: z
    .union([errorFields, z.string().transform((message) => ({ message }))])
    .optional()
    .catch(undefined),
  errors: z.array(errorFields).optional().catch(undefined),
});

/** The words by which an answer names its reason, and its sentences, wherever they are. */
function readAnswer({ code, reason, dataReason, asked }: Refusal, message: string) {
  const { error, errors = [], ...top } = bodyIn(message);
  const parts = [top, ...(error === undefined ? [] : [error]), ...errors];
  const fields = parts.flatMap((part) =>
    "code" in part ? [part.code, part.reason, part.type] : [],
  );
  const named = [reason, dataReason, typeof code === "string" ? code : undefined, ...fields];
  const reasons = named.filter((one) => one !== undefined);
  const sentences = parts.map((part) => part.message).filter((one) => one !== undefined);
  const texts = sentences.length === 0 ? [message] : sentences;
  return { reasons, words: [...reasons, ...texts].map((text) => withoutNames(text, asked)) };
}

function bodyIn(message: string): z.infer<typeof body> {
  const begin = message.indexOf("{");
  const end = message.lastIndexOf("}");
  if (begin === -1 || end < begin) return {};
  try {
    return body.safeParse(JSON.parse(message.slice(begin, end + 1))).data ?? {};
  } catch {
    return {};
  }
}

const URLS = /\bhttps?:\/\/[^\s"'<>)]+/giu;

/** Text without addresses and the repository's own names: one may be called `policy-blocked`. */
function withoutNames(text: string, asked: Refusal["asked"]): string {
  const clean = text.replaceAll(URLS, "URL");
  if (asked === undefined) return clean;
  const owner = escaped(asked.owner);
  const name = escaped(asked.repository);
  const whole = new RegExp(`${owner}/${name}(?![\\w.-])`, "giu");
  const quoted = new RegExp(`(?<=[\`'"“‘])(?:${owner}|${name})(?=[\`'"”’])`, "giu");
  const spoken = new RegExp(
    `(?<=\\b(?:repository|repo|organization|enterprise) )${name}(?![\\w.-])`,
    "giu",
  );
  return clean.replaceAll(whole, "it").replaceAll(quoted, "it").replaceAll(spoken, "it");
}

function escaped(text: string): string {
  return text.replaceAll(
    /[^\w-]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
