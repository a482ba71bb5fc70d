import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { closeAgents, handleAgents, type Agents } from "./agents.ts";
import { createBehaviors, type Answer, type Behavior } from "./behavior.ts";
import { handleControl } from "./control.ts";
import { emit, type Listing, type RecordedTask, type Task, type TaskEvent } from "./task.ts";
import { giveCommand, type KeptSession, type SharedSession } from "./local-session.ts";
import { createModel, type Model, type Play } from "./model.ts";
import { createWatch } from "./watch.ts";
import { beginWork } from "./worker.ts";
import {
  giveAnswer,
  listen,
  readRequest,
  sendBody,
  sendNotFound,
  stopListening,
  type RecordedRequest,
  type UsualAnswer,
} from "./wire.ts";

const TIME_LIMIT_MS = 30_000;

/** A fake of Mission Control, the Copilot API and the token lookup, on the loopback address. */
export interface MissionControl {
  /** For `COPILOT_MC_BASE_URL`, as in `http://127.0.0.1:PORT/agents`. */
  readonly url: string;
  /** The environment variables that lead the runtime here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every request but those to `/sandbox/`, in order. */
  readonly requests: readonly RecordedRequest[];
  /** The tasks created so far, in order. */
  readonly tasks: readonly RecordedTask[];
  /** How all later tasks go. Throws a ZodError when the behavior says what is not known. */
  readonly behave: (behavior: Behavior) => void;
  /** How the later tasks of one repository, `owner/name`, go. */
  readonly behaveFor: (repository: string, behavior: Behavior) => void;
  /** How the next task goes (of that repository, if given); first in, first out. */
  readonly behaveOnce: (behavior: Behavior, repository?: string) => void;
  /** What the lookup of a token is answered; a token never named is known. */
  readonly answerToken: (token: string, answer: Answer) => void;
  /**
   * Has tokens looked up elsewhere from now on, with the base URL of the Copilot API; a token that isn't answered with
   * 200 there is refused here.
   */
  readonly lookTokensUp: (lookUp: LookUp) => void;
  /** Lets the worker of a task start now, whose behavior says `worker: "none"`. Throws a RangeError for an unknown task. */
  readonly startWorker: (taskId: string) => void;
  /** Lets the worker of a task emit an event now. Throws a RangeError for an unknown task. */
  readonly emit: (taskId: string, type: string, data: TaskEvent["data"], listing?: Listing) => void;
  /** The local sessions that were shared so far, in order. */
  readonly sessions: readonly SharedSession[];
  /** A person gives a shared session a command on the web. Throws a RangeError for an unknown session. */
  readonly command: (
    sharedId: string,
    command: { readonly type: string; readonly content?: string },
  ) => void;
  /** What the model says in conversations that begin with a prompt. Throws a ZodError for an unknown field. */
  readonly play: (play: Play) => void;
  /** Resolves when the condition holds; looks after each request and event; rejects after 30 s unless given. */
  until(
    condition: (missionControl: MissionControl) => boolean,
    timeLimitMs?: number,
  ): Promise<void>;
  /** Ends all connections and timers. */
  readonly close: () => Promise<void>;
}

/** Looks a token up, as GitHub does. */
export type LookUp = (token: string | undefined, api: string) => UsualAnswer;

interface State {
  readonly agents: Agents;
  readonly requests: RecordedRequest[];
  readonly tokens: Map<string, Answer>;
  readonly model: Model;
  lookUp: LookUp;
}

/** Listens on 127.0.0.1, on a free port unless given. */
export async function startMissionControl(
  options: { readonly port?: number } = {},
): Promise<MissionControl> {
  const requests: RecordedRequest[] = [];
  const watch = createWatch(() =>
    requests.map(({ method, path }) => `${method} ${path}`).join(", "),
  );
  const behaviors = createBehaviors();
  const kept = { tasks: new Map(), sessions: new Map() };
  const agents: Agents = { ...kept, behaviors, onChange: watch.changed };
  const model = createModel();
  const state: State = { agents, requests, tokens: new Map(), model, lookUp: everybody };
  const server = createServer((incoming, response) => {
    answer(state, incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendBody(response, 400, { message: String(error) });
    });
  });
  const origin = await listen(server, options.port ?? 0);

  const missionControl: MissionControl = {
    url: `${origin}/agents`,
    environment: {
      COPILOT_MC_BASE_URL: `${origin}/agents`,
      COPILOT_API_URL: origin,
      COPILOT_DEBUG_GITHUB_API_URL: origin,
    },
    requests,
    get tasks() {
      return Array.from(agents.tasks.values(), ({ record }) => record);
    },
    get sessions() {
      return [...agents.sessions.values()];
    },
    command: (sharedId, command) => giveCommand(sharedOf(agents, sharedId), command),
    play: model.play,
    behave: behaviors.set,
    behaveFor: behaviors.setFor,
    behaveOnce: behaviors.setOnce,
    answerToken(token, given) {
      state.tokens.set(token, given);
    },
    lookTokensUp(lookUp) {
      state.lookUp = lookUp;
    },
    startWorker: (taskId) => beginWork(taskOf(agents, taskId)),
    emit: (taskId, type, data, listing) => emit(taskOf(agents, taskId), type, data, listing),
    until(condition, timeLimitMs = TIME_LIMIT_MS) {
      return watch.until(() => condition(missionControl), timeLimitMs);
    },
    async close() {
      watch.close();
      closeAgents(agents);
      await stopListening(server);
    },
  };
  return missionControl;
}

function taskOf({ tasks }: Agents, id: string): Task {
  const task = tasks.get(id);
  if (task === undefined) throw new RangeError(`There is no task ${id}.`);
  return task;
}

function sharedOf({ sessions }: Agents, id: string): KeptSession {
  const session = sessions.get(id);
  if (session === undefined) throw new RangeError(`There is no shared session ${id}.`);
  return session;
}

async function answer(
  state: State,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  const { pathname } = new URL(request.path, "http://127.0.0.1");
  if (pathname.startsWith("/sandbox/")) {
    handleControl(state, request, pathname.slice("/sandbox".length), response);
    return;
  }
  state.requests.push(request);
  state.agents.onChange();
  const found = state.lookUp(request.authorization, `http://${incoming.headers.host}`);
  if (pathname === "/copilot_internal/user") {
    await giveAnswer(response, state.tokens.get(request.authorization ?? ""), () => found);
  } else if (pathname.startsWith("/agents/") && found.status !== 200) {
    sendBody(response, found.status, found.body);
  } else if (pathname === "/agents/tasks" && missingRight(found) !== null) {
    sendBody(response, 403, { message: missingRight(found) });
  } else if (pathname === "/agents/sessions" && !canShare(found)) {
    sendBody(response, 403, { message: "blocked by org policy", reason: "policy_blocked" });
  } else if (pathname.startsWith("/agents/")) {
    await handleAgents(state.agents, request, pathname.slice("/agents".length), response);
  } else if (!(await state.model.handle(request, pathname, response))) {
    sendNotFound(response);
  }
}

const rightsSchema = z.looseObject({
  chat_enabled: z.boolean().optional(),
  cloud_session_storage_enabled: z.boolean().optional(),
  cli_remote_control_enabled: z.boolean().optional(),
});

/** Why nothing is created for an account that was found; null where it is. */
function missingRight({ body }: UsualAnswer): string | null {
  const rights = rightsSchema.safeParse(body).data;
  if (rights?.chat_enabled === false) return "Not licensed to use Copilot";
  return rights?.cloud_session_storage_enabled === false ? "blocked by org policy" : null;
}

/** Whether "Store local sessions in the Cloud" is "View and control", as far as anybody says. */
function canShare({ body }: UsualAnswer): boolean {
  const rights = rightsSchema.safeParse(body).data;
  const needed = [rights?.cloud_session_storage_enabled, rights?.cli_remote_control_enabled];
  return !needed.includes(false);
}

/** Every token is octocat's. */
function everybody(_token: string | undefined, api: string): UsualAnswer {
  const body = {
    login: "octocat",
    copilot_plan: "business",
    chat_enabled: true,
    cloud_session_storage_enabled: true,
    cli_remote_control_enabled: true,
    organization_login_list: ["octo-org"],
    endpoints: { api },
  };
  return { status: 200, body };
}
