import { z } from "zod";

const milliseconds = z.int().min(0).max(3_600_000);
const count = z.int().min(0).max(1_000);

/** An HTTP answer in place of the usual one. */
export const answerSchema = z
  .strictObject({
    /** HTTP status; without it the usual answer is given, after the delay. */
    status: z.int().min(200).max(599),
    /** A string is sent as it is (HTML, say), anything else as JSON. Goes with `status`. */
    body: z.json(),
    /** Further headers, `retry-after` for one. Goes with `status`. */
    headers: z.record(z.string(), z.string()),
    delayMs: milliseconds,
    /** "drop connection": nothing happens, the socket is destroyed. "lose answer": it happens, then so. */
    fault: z.enum(["drop connection", "lose answer"]),
  })
  .partial();

const text = z.string().min(1).max(1_000);

const event = z.strictObject({
  type: text,
  data: z.record(z.string(), z.json()),
  /** Stamped so much later than it is listed, or, if negative, earlier. */
  stampMs: z.int().min(-3_600_000).max(3_600_000).optional(),
  /** Listed twice, with one id. */
  twice: z.boolean().optional(),
});

/** The time is that after the step before it; for the first one, after the prompt. */
const scriptEvent = event.extend({ afterMs: milliseconds });

const scriptWait = z.strictObject({
  /**
   * "answered": the script continues when no request of the agent's waits. "message": when a follow-up
   * comes, or has come since the last one; here it continues after an abort or a denial, too.
   */
  until: z.enum(["answered", "message"]),
});

const scriptDeath = z.strictObject({
  afterMs: milliseconds,
  /** From now on it takes no command, and says nothing. */
  worker: z.literal("dies"),
});

const behaviorSchema = z
  .strictObject({
    /** The answer to `POST /tasks`. With a status nothing is created; "lose answer" creates the task. */
    create: answerSchema,
    /** The answer to `GET /tasks/{id}`, which the runtime asks for when it connects again. */
    taskLookup: answerSchema,
    /** How long the worker takes to start, 50 ms unless given. */
    workerDelayMs: milliseconds,
    /** "none": the worker starts only when `startWorker` has it start. */
    worker: z.enum(["starts", "none"]),
    /**
     * Whether `session.requested` is in the events at once; yes unless set. With it the runtime waits
     * 60 s for `session.start`. Without it, 10 s for any event, and the first must be `session.start`.
     */
    requestedFirst: z.boolean(),
    /** A `session.start` of producer "mission-control" at once, "copilot-agent" with the worker. */
    otherProducerFirst: z.boolean(),
    /** "empty": the events endpoint shows nothing, ever. "no start": all but `session.start`. */
    events: z.enum(["normal", "empty", "no start"]),
    /** So many polls of the events are answered with 502 first. */
    eventsFailures: count,
    /** What becomes of a steered command (a prompt, an abort, a mode, an answer to a permission request). */
    steer: answerSchema
      .extend({
        /** So many commands go as usual first. */
        after: count,
        /** For how many commands all this holds; for every one unless given. */
        times: count,
        /** Accepted with 2xx, and never seen again. */
        swallow: z.boolean(),
        /** The worker takes the accepted command so much later. */
        lateMs: milliseconds,
      })
      .partial(),
    /**
     * What becomes of a remote call (`POST /tasks/{id}/rpc`), by its method, or `*` for all others. With
     * `error` the worker refuses it; `status: 404` stands for a Mission Control without this route.
     */
    rpc: z.record(z.string(), answerSchema.extend({ error: text }).partial()),
    /**
     * What becomes of a local session that a runtime shares (`POST /sessions`). With a status nothing is created. The
     * runtime names no repository but by its ids: for this field, "owner/name" is `ownerId/repoId`.
     */
    share: answerSchema
      .extend({
        /** The answer names no task, so there's no link. */
        noTask: z.boolean(),
      })
      .partial(),
    /** What becomes of the events that the runtime of a shared session posts. */
    shareEvents: answerSchema,
    /** The `session.info` with the task's URL; right behind `session.start` unless given. */
    link: z.strictObject({ none: z.boolean(), delayMs: milliseconds, url: z.url() }).partial(),
    /** What the worker says it checked out. */
    context: z
      .strictObject({ repository: z.string(), branch: z.string(), cwd: z.string() })
      .partial(),
    /** What the worker does from its first prompt on. */
    script: z.array(z.union([scriptEvent, scriptWait, scriptDeath])).max(1_000),
  })
  .partial();

/** How one task goes: what is left out goes well, an unknown field is refused. */
export type Behavior = z.infer<typeof behaviorSchema>;

/** What the worker does from its first prompt on. */
export type Script = NonNullable<Behavior["script"]>;

/** An HTTP answer in place of the usual one. */
export type Answer = z.infer<typeof answerSchema>;

/** The bodies of the routes under `/sandbox/`. */
export const controlSchemas = {
  behavior: z.strictObject({
    repository: text.optional(),
    once: z.boolean().optional(),
    behavior: behaviorSchema,
  }),
  token: z.strictObject({ token: text, answer: answerSchema }),
  event,
  command: z.strictObject({ type: text, content: z.string().optional() }),
} as const;

/** The behaviors set so far, and which of them the next task takes. */
export interface Behaviors {
  /** For every later task. */
  readonly set: (behavior: Behavior) => void;
  /** For every later task of one repository, `owner/name`. */
  readonly setFor: (repository: string, behavior: Behavior) => void;
  /** For one task, the next (of the repository, if given); first in, first out. */
  readonly setOnce: (behavior: Behavior, repository?: string) => void;
  /** The behavior of the task being created: once before repository before all. Uses a once up. */
  readonly take: (repository: string) => Behavior;
}

/** Begins with nothing set: every task goes well. */
export function createBehaviors(): Behaviors {
  let general: Behavior = {};
  const byRepository = new Map<string, Behavior>();
  const once: { repository: string | undefined; behavior: Behavior }[] = [];

  return {
    set(behavior) {
      general = behaviorSchema.parse(behavior);
    },
    setFor(repository, behavior) {
      byRepository.set(repository, behaviorSchema.parse(behavior));
    },
    setOnce(behavior, repository) {
      once.push({ repository, behavior: behaviorSchema.parse(behavior) });
    },
    take(repository) {
      const index = once.findIndex((entry) => (entry.repository ?? repository) === repository);
      const next = index === -1 ? undefined : once.splice(index, 1)[0];
      return next?.behavior ?? byRepository.get(repository) ?? general;
    },
  };
}
