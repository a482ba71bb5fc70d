import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { Behavior, Behaviors } from "./behavior.ts";
import { giveAnswer, sendBody, sendNotFound, type RecordedRequest } from "./wire.ts";

/** A command that people gave on the web; the runtime takes it until it has reported that it's done. */
export interface SharedCommand {
  readonly id: string;
  /** `user_message`, `abort`, `permission_response`, …; anything else is a message to the runtime. */
  readonly type: string;
  readonly content: string;
  /** Only commands in this state are taken; others stay unread (1.0.80 and 1.0.102). */
  readonly state: "in_progress" | "completed";
  /** The message's source becomes `command-` and this. */
  readonly external_id: string;
  readonly created_at: string;
}

/** A local session that its runtime has shared, with all that happened to it. */
export interface SharedSession {
  readonly id: string;
  /** The task that people see; the link ends with it. */
  readonly taskId: string;
  /** The runtime's own id of the session. */
  readonly sessionId: string;
  /** The token it was shared with. */
  readonly authorization: string | undefined;
  /** `ownerId/repoId`; empty for a session without a repository. */
  readonly repository: string;
  readonly behavior: Behavior;
  /** As the runtime reported them, in order. */
  readonly events: readonly SharedEvent[];
  readonly commands: readonly SharedCommand[];
}

interface SharedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A shared session as the fake keeps it. */
export interface KeptSession extends SharedSession {
  readonly events: SharedEvent[];
  readonly commands: SharedCommand[];
}

/** What Mission Control knows of local sessions. */
interface Sharing {
  readonly sessions: Map<string, KeptSession>;
  readonly behaviors: Behaviors;
  readonly onChange: () => void;
}

const shareBody = z.looseObject({
  agent_task_id: z.string(),
  owner_id: z.number().optional(),
  repo_id: z.number().optional(),
});
const eventsBody = z.looseObject({
  events: z.array(z.looseObject({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
  completed_command_ids: z.array(z.string()).default([]),
});

/** Answers a request to `/sessions`; `path` is what follows `/agents`, without the query. */
export async function handleSessions(
  sharing: Sharing,
  request: RecordedRequest,
  path: string,
  response: ServerResponse,
): Promise<void> {
  if (request.method === "POST" && path === "/sessions") {
    await share(sharing, request, response);
    return;
  }
  const route = /^\/sessions\/(?<id>[^/]+)(?:\/(?<part>events|commands))?$/.exec(path)?.groups;
  const session = sharing.sessions.get(route?.["id"] ?? "");
  const action = `${request.method} ${route?.["part"] ?? "session"}`;
  if (session === undefined) sendNotFound(response);
  else if (action === "GET session") sendBody(response, 200, sessionBody(session));
  else if (action === "POST events") await takeEvents(sharing, session, request, response);
  else if (action === "GET commands") {
    const commands = session.commands.filter(({ state }) => state === "in_progress");
    sendBody(response, 200, { commands });
  } else sendNotFound(response);
}

/** A person gives a command on the web. */
export function giveCommand(
  session: KeptSession,
  { type, content = "" }: { readonly type: string; readonly content?: string | undefined },
): void {
  const id = randomUUID();
  const created_at = new Date().toISOString();
  session.commands.push({ id, type, content, state: "in_progress", external_id: id, created_at });
}

async function share(
  { sessions, behaviors, onChange }: Sharing,
  { authorization, body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const { agent_task_id: sessionId, owner_id, repo_id } = shareBody.parse(body);
  const repository = owner_id === undefined ? "" : `${owner_id}/${repo_id}`;
  const behavior = behaviors.take(repository);
  await giveAnswer(response, behavior.share, () => {
    const [id, taskId] = [randomUUID(), randomUUID()];
    const origin = { id, taskId, sessionId, authorization, repository, behavior };
    const session: KeptSession = { ...origin, events: [], commands: [] };
    sessions.set(id, session);
    onChange();
    return { status: 201, body: sessionBody(session) };
  });
}

async function takeEvents(
  { onChange }: Sharing,
  session: KeptSession,
  { body }: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  const { events, completed_command_ids: completed } = eventsBody.parse(body);
  await giveAnswer(response, session.behavior.shareEvents, () => {
    session.events.push(...events);
    for (const [index, command] of session.commands.entries()) {
      if (completed.includes(command.id)) {
        session.commands[index] = { ...command, state: "completed" };
      }
    }
    onChange();
    return { status: 200, body: {} };
  });
}

/** The session as `POST /sessions` and `GET /sessions/{id}` answer it. Without a task's id it has no link. */
function sessionBody({ id, taskId, repository, behavior }: KeptSession): Record<string, unknown> {
  const [owner_id, repo_id] = repository === "" ? [] : repository.split("/").map(Number);
  const task = behavior.share?.noTask === true ? {} : { task_id: taskId, agent_task_id: taskId };
  return { id, ...task, state: "in_progress", owner_id, repo_id };
}
