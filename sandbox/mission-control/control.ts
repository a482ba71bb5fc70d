import type { ServerResponse } from "node:http";
import type { z } from "zod";
import type { Agents } from "./agents.ts";
import { controlSchemas, type Answer } from "./behavior.ts";
import { giveCommand } from "./local-session.ts";
import { playSchema, type Model } from "./model.ts";
import { emit } from "./task.ts";
import { sendBody, sendNotFound, type RecordedRequest } from "./wire.ts";

/** What the routes under `/sandbox/` reach. */
export interface Controlled {
  readonly agents: Agents;
  readonly tokens: Map<string, Answer>;
  readonly requests: readonly RecordedRequest[];
  readonly model: Model;
}

/**
 * Answers a person's requests with curl while the fake runs; `path` is what follows `/sandbox`.
 * `GET /sandbox/requests` and `GET /sandbox/tasks` show what happened. `POST /sandbox/behavior`
 * `{repository?, once?, behavior}` sets how the next tasks go, `POST /sandbox/tokens` `{token, answer}`
 * how the lookup of a token goes, `POST /sandbox/tasks/{id}/events` `{type, data, stampMs?, twice?}` emits an
 * event. `GET /sandbox/sessions` shows the local sessions that were shared, `POST /sandbox/sessions/{id}/commands`
 * `{type, content?}` gives one a command, and `POST /sandbox/plays` `{prompt, turns}` says what the model says in
 * conversations that begin so.
 */
export function handleControl(
  { agents, tokens, requests, model }: Controlled,
  { method, body }: RecordedRequest,
  path: string,
  response: ServerResponse,
): void {
  const route = `${method} ${path}`;
  const { behaviors } = agents;
  const taskId = /^POST \/tasks\/(?<id>[^/]+)\/events$/.exec(route)?.groups?.["id"];
  const task = agents.tasks.get(taskId ?? "");
  const sessionId = /^POST \/sessions\/(?<id>[^/]+)\/commands$/.exec(route)?.groups?.["id"];
  const session = agents.sessions.get(sessionId ?? "");

  if (route === "GET /requests") sendBody(response, 200, requests);
  else if (route === "GET /tasks") {
    const records = Array.from(agents.tasks.values(), ({ record }) => record);
    sendBody(response, 200, records);
  } else if (route === "GET /sessions") sendBody(response, 200, [...agents.sessions.values()]);
  else if (route === "POST /plays") {
    accept(response, playSchema, body, model.play);
  } else if (session !== undefined) {
    accept(response, controlSchemas.command, body, (command) => giveCommand(session, command));
  } else if (route === "POST /behavior") {
    accept(response, controlSchemas.behavior, body, ({ repository, once, behavior }) => {
      if (once === true) behaviors.setOnce(behavior, repository);
      else if (repository === undefined) behaviors.set(behavior);
      else behaviors.setFor(repository, behavior);
    });
  } else if (route === "POST /tokens") {
    accept(response, controlSchemas.token, body, ({ token, answer }) => tokens.set(token, answer));
  } else if (task !== undefined) {
    accept(response, controlSchemas.event, body, ({ type, data, ...listing }) =>
      emit(task, type, data, listing),
    );
  } else sendNotFound(response);
}

function accept<Schema extends z.ZodType>(
  response: ServerResponse,
  schema: Schema,
  body: unknown,
  effect: (accepted: z.infer<Schema>) => void,
): void {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    effect(parsed.data);
    sendBody(response, 200, { accepted: parsed.data });
    return;
  }
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${["body", ...path].join(".")}: ${message}`,
  );
  sendBody(response, 400, { message: `This was not accepted. ${faults.join("; ")}.` });
}
