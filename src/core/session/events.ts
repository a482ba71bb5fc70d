import { z } from "zod";
import type { Happening, Observation } from "./observation.ts";
import type { Asking } from "../task/asking.ts";
import { permissionAsking } from "./permission-request.ts";
import { form, plan, question } from "./question.ts";

/** An event as it comes from outside: `type` says what `data` should be, nothing makes it so. */
export interface ReportedEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly data: unknown;
}

const envelope = z.object({
  id: z.string().min(1).max(200),
  timestamp: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)))
    .transform((text) => new Date(text).toISOString()),
  type: z.string(),
  data: z.unknown(),
});

/** What an event reports. Events that are not known, and those of another shape, report nothing. */
export function observationsOf(event: ReportedEvent): Observation[] {
  const read = envelope.safeParse(event);
  if (!read.success) return [];
  const { id, timestamp: at, type, data } = read.data;
  const found = READERS.get(type)?.(data) ?? [];
  return Array.from(found, (happening) => ({ id, at, ...happening }));
}

/** The most characters that are kept of words; the rest is left out. */
const LONGEST = { words: 10_000, result: 100_000, choices: 50 };

/** Words that fit, in characters that can be stored: what has to be written and what was written are the same. */
function cut(text: string, most: number): string {
  const short = text.length <= most ? text : `${text.slice(0, most - 1)}…`;
  return short.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

function wordsOf(most: number) {
  return z.string().transform((text) => cut(text, most));
}

/** A field that may be anything: what is no such words counts as not there. */
function optional(most: number) {
  return wordsOf(most).nullable().catch(null);
}

const name = z.string().min(1).max(200);
const flag = z.boolean().nullable().catch(null);

/** A happening; `id` where the session names it. */
type Reported = Happening & { readonly id?: string };

/** What the data of one type of event reports; nothing when it has another shape. */
type Reader = (data: unknown) => readonly Reported[];

function reader<Schema extends z.ZodType>(
  schema: Schema,
  report: (data: z.infer<Schema>) => readonly Reported[],
): Reader {
  return (data) => {
    const read = schema.safeParse(data);
    return read.success ? report(read.data) : [];
  };
}

// What a hook has settled already asks nothing.
const permissionData = z
  .object({ permissionRequest: permissionAsking, resolvedByHook: flag })
  .refine(({ resolvedByHook }) => resolvedByHook !== true)
  .transform(({ permissionRequest }) => permissionRequest);

const request = z.object({ requestId: name });

function asked(schema: z.ZodType<Asking>): Reader {
  return (data) => {
    const asking = schema.safeParse(data);
    const { requestId } = request.safeParse(data).data ?? {};
    if (requestId === undefined || !asking.success) return [];
    return [{ id: `asked ${requestId}`, type: "asked", requestId, asking: asking.data }];
  };
}

const answered = reader(request, ({ requestId }) => [
  { id: `answered ${requestId}`, type: "answered", requestId },
]);

const PULL_REQUEST =
  /https?:\/\/[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?\/[\w-]{1,100}\/(?!\.{1,2}\/)[\w.-]{1,100}\/pull\/[1-9]\d{0,9}(?![\w-])/giu;
/** Where more come up, the text is a list of what there is, not of what the session did. */
const MAX_PULL_REQUESTS = 5;

function pullRequestsIn(text: string, most = MAX_PULL_REQUESTS): Reported[] {
  const urls = new Set(text.match(PULL_REQUEST));
  if (urls.size > most) return [];
  return Array.from(urls, (url) => ({ id: `pull_request ${url}`, type: "pull_request", url }));
}

const message = z.object({
  content: wordsOf(LONGEST.words),
  messageId: name.nullable().catch(null),
  chunkIndex: z.int().nullable().catch(null),
  // Set when another agent speaks, on behalf of the one that people talk to.
  parentToolCallId: name.nullable().catch(null),
});

function said({
  content,
  messageId,
  chunkIndex,
  parentToolCallId,
}: z.infer<typeof message>): Reported[] {
  if (parentToolCallId !== null || content.trim() === "") return [];
  const id = messageId === null ? {} : { id: `said ${messageId} ${chunkIndex ?? 0}` };
  return [{ ...id, type: "said", text: content }, ...pullRequestsIn(content)];
}

const completion = z.object({
  summary: optional(LONGEST.words),
  reason: optional(LONGEST.words),
  success: flag,
  outcome: name.nullable().catch(null),
});

function completed({ summary, reason, success, outcome }: z.infer<typeof completion>): Reported[] {
  if (outcome === "blocked") {
    return [{ type: "failed", message: reason ?? summary ?? "The task cannot be completed." }];
  }
  if (success === false || outcome === "continue") return [{ type: "working" }];
  return [{ type: "completed", summary }, ...pullRequestsIn(summary ?? "")];
}

const shutdown = z.object({ shutdownType: name, errorReason: optional(LONGEST.words) });

function ended({ shutdownType: reason, errorReason }: z.infer<typeof shutdown>): Reported[] {
  const failed = errorReason === null ? [] : ([{ type: "failed", message: errorReason }] as const);
  return [...failed, { type: "ended", reason }];
}

const toolResult = z.object({
  success: z.literal(true),
  result: z.object({ content: wordsOf(LONGEST.result), detailedContent: optional(LONGEST.result) }),
});

const sessionInfo = z.object({ infoType: z.literal("remote"), url: z.string().max(2_000) });

const anything = z.object({});
const working = reader(anything, () => [{ type: "working" }]);

const READERS: ReadonlyMap<string, Reader> = new Map([
  ["assistant.turn_start", working],
  ["assistant.intent", working],
  ["tool.execution_start", working],
  ["subagent.started", working],
  ["assistant.message", reader(message, said)],
  [
    "tool.execution_complete",
    // A tool that opens a pull request answers with that one address.
    reader(toolResult, ({ result }) =>
      pullRequestsIn(`${result.content}\n${result.detailedContent ?? ""}`, 1),
    ),
  ],
  [
    "session.idle",
    reader(z.object({ aborted: flag }), ({ aborted }) =>
      aborted === true ? [{ type: "aborted" }, { type: "idle" }] : [{ type: "idle" }],
    ),
  ],
  ["session.task_complete", reader(completion, completed)],
  [
    "session.error",
    reader(z.object({ message: wordsOf(LONGEST.words) }), (error) => [
      { type: "failed", ...error },
    ]),
  ],
  ["session.shutdown", reader(shutdown, ended)],
  ["session.info", reader(sessionInfo, ({ url }) => [{ id: `link ${url}`, type: "link", url }])],
  ["abort", reader(anything, () => [{ type: "aborted" }])],
  ["permission.requested", asked(permissionData)],
  ["permission.completed", answered],
  ["user_input.requested", asked(question)],
  ["user_input.completed", answered],
  ["exit_plan_mode.requested", asked(plan)],
  ["exit_plan_mode.completed", answered],
  ["elicitation.requested", asked(form)],
  ["elicitation.completed", answered],
]);
