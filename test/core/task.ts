import { newTask } from "../../src/core/task/new-task.ts";
import type {
  AnsweredOutcome,
  CanceledOutcome,
  DeniedOutcome,
  FailedOutcome,
} from "../../src/core/task/outcome.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";

/** What of a task differs from another, as deep as it does. An outcome, and a list, is given whole. */
export type Layer = Omit<DeepPartial<Task>, "outcome"> & Partial<Pick<Task, "outcome">>;

/** What of a trigger differs from another. */
export type TriggerLayer = DeepPartial<Omit<Trigger, "type">>;

type DeepPartial<Value> = Value extends readonly unknown[] | string | number | boolean | null
  ? Value
  : { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> };

/** The request of octocat's label on issue 7 of octo-org/hello. */
export const LABEL_TRIGGER: Trigger = {
  type: "trigger",
  trigger: {
    type: "label",
    name: "copilot:triage",
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    eventKey: "label:1296269:7:copilot:triage:2026-11-21T12:00:00Z",
    at: "2026-11-21T12:00:00.000Z",
  },
  requester: { login: "octocat", id: 583_231 },
  place: {
    installationId: 31,
    repositoryId: 1_296_269,
    ownerId: 9_919,
    owner: "octo-org",
    ownerType: "Organization",
    repository: "hello",
  },
  subject: { type: "issue", number: 7 },
};

/** Octocat labeled issue 7 of octo-org/hello; the task waits to be processed. */
const LABELLED = changed(
  newTask(LABEL_TRIGGER, "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11", "2026-11-21T12:00:00.000Z"),
  { attempt: 1, decision: { kind: "triage" } },
);

/** What differs for a command in a comment on a pull request. */
export const COMMANDED = {
  trigger: {
    type: "command",
    name: "triage",
    place: "issue_comment",
    commentId: 492_700_400,
    misplaced: null,
    viaApp: null,
    instructions: "",
    eventKey: "issue_comment:1296269:492700400",
  },
  subject: { type: "pull_request", number: 8 },
} as const satisfies Layer;

/** What differs for a command from a page, to another task. */
export const FROM_PAGE = {
  trigger: {
    type: "command",
    name: "stop",
    place: "page",
    misplaced: null,
    viaApp: null,
    instructions: "7c5c39ce-1b2c-4d5e-8f90-0a1b2c3d4e5f",
    eventKey: "page:7c5c39ce",
  },
  decision: { kind: null },
} as const satisfies Layer;

/** What is recorded of a task, step by step. */
export const ADMITTED = {
  decision: { branch: "main", commit: "0123456789abcdef0123456789abcdef01234567" },
} as const satisfies Layer;
export const ACKNOWLEDGED = over(ADMITTED, {
  decision: { acknowledgedAt: "2026-11-21T12:00:01.000Z" },
});
/** An attempt to start has failed. */
export const AGAIN = over(ACKNOWLEDGED, { schedule: { retries: 1 } });
export const ASKED = over(ACKNOWLEDGED, {
  state: "in_progress",
  session: { intentAt: "2026-11-21T12:00:02.000Z" },
});
export const SESSION_ID = "5f9c2b1e-7c1d-4a55-8f43-3a1b8f0f6d21";
export const STARTED = over(ASKED, {
  session: {
    id: SESSION_ID,
    startedAt: "2026-11-21T12:00:03.000Z",
    repository: "octo-org/hello",
    branch: "main",
  },
});
export const PROMPTED = over(STARTED, {
  session: {
    prompt: { intentAt: "2026-11-21T12:00:04.000Z", deliveredAt: "2026-11-21T12:00:05.000Z" },
  },
});
export const LINK = "https://github.com/octo-org/hello/tasks/5f9c2b1e";
export const LINKED = over(PROMPTED, { session: { link: { url: LINK, source: "session" } } });

/** On the administrator's machine `build-1`, since it has started, and not on GitHub. */
export const HOSTED = {
  session: {
    hosting: {
      labels: [],
      egress: [],
      checkout: [],
      sharing: "on-demand",
      push: "pull-request",
      why: "policy",
      machine: "build-1",
      isIsolated: true,
      isUnserved: false,
      awaySince: null,
      share: { type: "not_shared" },
      publication: null,
      usage: null,
    },
  },
} as const satisfies Layer;

/** In the address of the QR code of its link. */
export const QR_SECRET = "9f86d081884c7d659a2feaa0c55ad015";

/** The labeled task, as far as the layers say; the later ones come above the earlier. */
export function taskWith(...layers: readonly Layer[]): Task {
  return changed(LABELLED, ...layers);
}

/** The task, as far as the layers say. */
export function changed(task: Task, ...layers: readonly Layer[]): Task {
  return layered(task, ...layers);
}

/** One layer of several; the later ones come above the earlier. */
export function over(...layers: readonly Layer[]): Layer {
  return layered<Layer>({}, ...layers);
}

/** A value, as far as the layers above it say. */
export function layered<Value>(value: Value, ...layers: readonly object[]): Value;
export function layered(value: unknown, ...layers: readonly object[]): unknown {
  return layers.reduce((under, above) => merged(under, { ...above }), value);
}

function merged(under: unknown, above: Readonly<Record<string, unknown>>): unknown {
  const both: Record<string, unknown> = { ...(isRecord(under) ? under : {}) };
  for (const [name, value] of Object.entries(above)) {
    both[name] = name !== "outcome" && isRecord(value) ? merged(both[name], value) : value;
  }
  return both;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function failed(
  code: FailedOutcome["code"],
  more: Partial<Omit<FailedOutcome, "type" | "code">> = {},
): FailedOutcome {
  return {
    type: "failed",
    code,
    cause: null,
    passesAt: null,
    detail: null,
    watchUntil: null,
    ...more,
  };
}

export function denied(
  reason: DeniedOutcome["reason"],
  text: DeniedOutcome["text"] = null,
): DeniedOutcome {
  return { type: "denied", reason, text };
}

export function canceled(why: CanceledOutcome["why"]): CanceledOutcome {
  return { type: "canceled", why };
}

export function answered(markdown: string): AnsweredOutcome {
  return { type: "answered", markdown };
}
