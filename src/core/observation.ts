import { z } from "zod";

/** What was seen to happen in a session. */
export type Observation = {
  /**
   * The same for the same happening, however often it is told, where the session names it (a message,
   * a request, a pull request); else the event's id, which is another one after each attachment.
   */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
} & Happening;

type Happening =
  /** The agent is at it: a turn, a tool. */
  | { readonly type: "working" }
  /** Words of the agent for people. Strangers' words may be in them. */
  | { readonly type: "said"; readonly text: string }
  /** Nothing is to be done until somebody writes. */
  | { readonly type: "idle" }
  | { readonly type: "completed"; readonly summary: string | null }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "aborted" }
  /** The worker is gone. The reason is `routine` or `error`. */
  | { readonly type: "ended"; readonly reason: string }
  | { readonly type: "asked"; readonly requestId: string; readonly asking: Asking }
  /** The request is settled, by whomever. */
  | { readonly type: "answered"; readonly requestId: string }
  /** A pull request's address came up. Whether it is the session's own, GitHub tells. */
  | { readonly type: "pull_request"; readonly url: string };

/** What the agent wants of people. */
export type Asking =
  | PermissionAsking
  | {
      readonly type: "question";
      readonly question: string;
      readonly choices: readonly string[];
      /**
       * Whether an answer may be other than one of the choices. Without choices and without this, the
       * agent wants a form: only Mission Control can take the answer.
       */
      readonly freeform: boolean;
    }
  | {
      readonly type: "plan";
      readonly summary: string;
      /** `exit_only`, `interactive`, `autopilot`, `autopilot_fleet`; the one that is recommended comes first. */
      readonly actions: readonly string[];
    };

/** What the agent wants to be allowed to do. What a kind does not tell is null. */
export interface PermissionAsking {
  readonly type: "permission";
  /** `shell`, `write`, `read`, `mcp`, `url`, `memory`, `custom-tool`, `hook`, or one not known yet. */
  readonly kind: string;
  /** Why, in the agent's words; of a tool, what it is called with. */
  readonly intention: string | null;
  /** The whole command, of `shell`. */
  readonly command: string | null;
  /** The file, of `write` and `read`. */
  readonly path: string | null;
  /** The address, of `url`. */
  readonly url: string | null;
  /** The tool, of `mcp` (`server/tool`), `custom-tool` and `hook`. */
  readonly tool: string | null;
  /** The branch or ref that the tool is called with. */
  readonly branch: string | null;
  /** Whether the request itself says that nothing is changed; null when it does not say. */
  readonly readOnly: boolean | null;
  /** Whether a person is to answer: a managed policy wants it, or the command is too long to be told whole. */
  readonly managedApprovalRequired: boolean;
}

/** An event as it comes from outside: `type` tells what `data` should be, nothing makes it so. */
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

/** What an event tells. Events that are not known, and those of another shape, tell nothing. */
export function observationsOf(event: ReportedEvent): Observation[] {
  const read = envelope.safeParse(event);
  if (!read.success) return [];
  const { id, timestamp: at, type, data } = read.data;
  const told = READERS.get(type)?.(data) ?? [];
  return Array.from(told, (happening) => ({ id, at, ...happening }));
}

/** The most characters that are kept of words; the rest is left out. */
const LONGEST = { words: 10_000, line: 1_000, command: 20_000, result: 100_000, choices: 50 };

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

function wordsOf(most: number) {
  return z.string().transform((text) => cut(text, most));
}

/** A field that may be anything: what is no such words counts as not there. */
function optional(most: number) {
  return wordsOf(most).nullable().catch(null);
}

const name = z.string().min(1).max(200);
const line = optional(LONGEST.line);
const flag = z.boolean().nullable().catch(null);

/** A happening; `id` where the session names it. */
type Told = Happening & { readonly id?: string };

const permission = z
  .object({
    kind: name,
    intention: line,
    fullCommandText: z.string().nullable().catch(null),
    commands: z
      .array(z.object({ readOnly: z.boolean() }))
      .min(1)
      .nullable()
      .catch(null),
    hasWriteFileRedirection: flag,
    fileName: line,
    path: line,
    url: line,
    serverName: line,
    toolName: line,
    toolTitle: line,
    toolDescription: line,
    hookMessage: line,
    args: z.unknown().optional(),
    toolArgs: z.unknown().optional(),
    readOnly: flag,
    managedApprovalRequired: flag,
  })
  .transform((request): PermissionAsking => {
    const { kind, serverName, toolName, fullCommandText: command } = request;
    const args = request.args ?? request.toolArgs;
    const isTooLong = command !== null && command.length > LONGEST.command;
    return {
      type: "permission",
      kind,
      intention: request.intention ?? intentionOf(request, args),
      command: command === null ? null : cut(command, LONGEST.command),
      path: request.fileName ?? request.path,
      url: request.url,
      tool: serverName === null || toolName === null ? toolName : `${serverName}/${toolName}`,
      branch: branchIn(args),
      readOnly: request.readOnly ?? readOnlyOf(request),
      managedApprovalRequired: request.managedApprovalRequired === true || isTooLong,
    };
  });

function intentionOf(
  words: Readonly<Record<"toolTitle" | "toolDescription" | "hookMessage", string | null>>,
  args: unknown,
): string | null {
  const title = words.toolTitle ?? words.hookMessage ?? words.toolDescription;
  const called = args === undefined || args === null ? null : JSON.stringify(args);
  const parts = [title, called].filter((part) => part !== null);
  return parts.length === 0 ? null : cut(parts.join(": "), LONGEST.line);
}

const named = z.object({ branch: line, ref: line });

function branchIn(args: unknown): string | null {
  const read = named.safeParse(typeof args === "string" ? parsed(args) : args);
  return read.success ? (read.data.branch ?? read.data.ref) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readOnlyOf(request: {
  readonly kind: string;
  readonly commands: readonly { readonly readOnly: boolean }[] | null;
  readonly hasWriteFileRedirection: boolean | null;
}): boolean | null {
  if (request.kind === "read") return true;
  if (request.kind === "write") return false;
  if (request.commands === null) return null;
  return request.commands.every(({ readOnly }) => readOnly) && !request.hasWriteFileRedirection;
}

const question = z
  .object({
    question: wordsOf(LONGEST.words),
    choices: z.array(wordsOf(LONGEST.line)).catch([]),
    allowFreeform: flag,
  })
  .transform((data): Asking => ({
    type: "question",
    question: data.question,
    choices: data.choices.slice(0, LONGEST.choices),
    freeform: data.allowFreeform ?? true,
  }));

const plan = z
  .object({
    summary: wordsOf(LONGEST.words),
    actions: z.array(name).max(LONGEST.choices).catch([]),
    recommendedAction: name.nullable().catch(null),
  })
  .transform(({ summary, actions, recommendedAction }): Asking => {
    const others = actions.filter((action) => action !== recommendedAction);
    const recommended = actions.filter((action) => action === recommendedAction);
    return { type: "plan", summary, actions: [...recommended, ...others] };
  });

const form = z.object({ message: wordsOf(LONGEST.words) }).transform(({ message }): Asking => ({
  type: "question",
  question: message,
  choices: [],
  freeform: false,
}));

/** What a question of the agent's asks, however it is put; null for another shape. */
export function questionIn(data: unknown): Asking | null {
  return question.safeParse(data).data ?? null;
}

/** What a plan of the agent's asks; null for another shape. */
export function planIn(data: unknown): Asking | null {
  return plan.safeParse(data).data ?? null;
}

/** What is told by the data of one type of event; nothing when it has another shape. */
type Reader = (data: unknown) => readonly Told[];

function reader<Schema extends z.ZodType>(
  schema: Schema,
  tell: (data: z.infer<Schema>) => readonly Told[],
): Reader {
  return (data) => {
    const read = schema.safeParse(data);
    return read.success ? tell(read.data) : [];
  };
}

// What a hook has settled already asks nothing.
const permissionData = z
  .object({ permissionRequest: permission, resolvedByHook: flag })
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
  /https?:\/\/[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?\/[a-z0-9][\w-]{0,99}\/(?!\.{1,2}\/)[\w.-]{1,100}\/pull\/[1-9]\d{0,9}(?![\w-])/giu;
/** Where more come up, the text is a list of what there is, not of what the session did. */
const MOST_PULL_REQUESTS = 5;

function pullRequestsIn(text: string, most = MOST_PULL_REQUESTS): Told[] {
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
}: z.infer<typeof message>): Told[] {
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

function completed({ summary, reason, success, outcome }: z.infer<typeof completion>): Told[] {
  if (outcome === "blocked") {
    return [{ type: "failed", message: reason ?? summary ?? "The task cannot be completed." }];
  }
  if (success === false || outcome === "continue") return [{ type: "working" }];
  return [{ type: "completed", summary }, ...pullRequestsIn(summary ?? "")];
}

const shutdown = z.object({ shutdownType: name, errorReason: optional(LONGEST.words) });

function ended({ shutdownType: reason, errorReason }: z.infer<typeof shutdown>): Told[] {
  const failed = errorReason === null ? [] : ([{ type: "failed", message: errorReason }] as const);
  return [...failed, { type: "ended", reason }];
}

const toolResult = z.object({
  success: z.literal(true),
  result: z.object({ content: wordsOf(LONGEST.result), detailedContent: optional(LONGEST.result) }),
});

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
