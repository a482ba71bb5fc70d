import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Happening, Observation } from "../../src/core/session/observation.ts";
import { observationSchema } from "../../src/core/worker/seen.ts";
import type { HostedRequest, HostedSession, SessionHost } from "../../src/ports/session-host.ts";

/** Where a played session can be held. */
export type Step =
  | "room"
  | "workspace"
  | "opened"
  | "prompt"
  | "prompted"
  | "working"
  | "push"
  | "pushed";

interface Options {
  /** What it keeps, also for a process after it. */
  readonly directory: string;
  readonly machine: string;
  /** Gets what it does, as lines: `begin SESSION`, `prompt SESSION TEXT`, `push SESSION TOKEN`. */
  readonly note: (line: string) => void;
  /** Awaited at each step. */
  readonly at?: (step: Step, sessionId: string) => Promise<void>;
}

const saved = z.object({ sessionId: z.string(), observed: z.array(observationSchema) });
const NOBODY = () => Promise.resolve();

/** A machine whose agents are played: each says what it was sent, asks if that has a `?`, and rests. */
export function createPlayedHost({ directory, machine, note, at = NOBODY }: Options): SessionHost {
  mkdirSync(directory, { recursive: true });
  const live = new Map<string, HostedSession>();
  const fileOf = (taskId: string) => join(directory, `${taskId}.json`);

  function run(request: HostedRequest, before: readonly Observation[]): HostedSession {
    const session = play(request, before, {
      machine,
      note,
      at,
      save: (observed) =>
        writeFileSync(
          fileOf(request.taskId),
          JSON.stringify({ sessionId: request.sessionId, observed }),
        ),
    });
    live.set(request.taskId, session);
    return session;
  }

  return {
    async open(request, tokensOf, { withdrawn, onTaken }) {
      await at("room", request.sessionId);
      if (withdrawn.aborted) return { type: "withdrawn" };
      onTaken(machine);
      const tokens = await tokensOf();
      note(`begin ${request.sessionId} ${tokens.copilot.token} ${tokens.repository ?? "-"}`);
      await at("workspace", request.sessionId);
      if (request.model === "none") {
        const message = "there is no such model";
        return {
          type: "failed",
          failure: { code: "model_not_available", message, nothingCreated: true },
        };
      }
      if (request.model === "broken") throw new Error("a defect");
      const session = run(request, []);
      await at("opened", request.sessionId);
      return { type: "started", session };
    },
    async attach(request) {
      await live.get(request.taskId)?.detach();
      if (!existsSync(fileOf(request.taskId))) return { type: "gone" };
      const { sessionId, observed } = saved.parse(
        JSON.parse(readFileSync(fileOf(request.taskId), "utf8")),
      );
      if (sessionId !== request.sessionId) return { type: "gone" };
      if (request.model === "limited") {
        const message = "The session exceeded its limit: time";
        const failure = { code: "limit_exceeded", cause: "time", message } as const;
        return { type: "ended", failure: { ...failure, nothingCreated: false } };
      }
      note(`resume ${sessionId}`);
      return { type: "session", session: run(request, observed) };
    },
    push({ sessionId }, token) {
      note(`push ${sessionId} ${token}`);
      return Promise.resolve({ type: "pushed", commit: "b".repeat(40) });
    },
    async remove({ taskId, sessionId }) {
      await live.get(taskId)?.detach();
      rmSync(fileOf(taskId), { force: true });
      note(`remove ${sessionId}`);
    },
  };
}

interface Playing extends Required<Omit<Options, "directory">> {
  readonly save: (observed: readonly Observation[]) => void;
}

function play(
  request: HostedRequest,
  before: readonly Observation[],
  { machine, note, at, save }: Playing,
): HostedSession {
  const { sessionId } = request;
  const observed = [...before];
  const listeners = new Set<(observation: Observation) => void>();
  const lost = new AbortController();
  const waiting = new Set<string>();
  save(observed);
  const see = (happening: Happening) => {
    const id = `${happening.type} ${observed.length}`;
    const seen = { id, at: new Date().toISOString(), ...happening };
    observed.push(seen);
    save(observed);
    for (const listener of listeners) listener(seen);
  };
  const work = async (text: string) => {
    see({ type: "working" });
    await at("working", sessionId);
    if (lost.signal.aborted) return;
    if (text.includes("?")) {
      waiting.add("1");
      const asking = { type: "question", question: text, choices: [], freeform: true } as const;
      return see({ type: "asked", requestId: "1", asking });
    }
    see({ type: "said", text });
    see({ type: "idle" });
  };
  return {
    id: sessionId,
    repository: `${request.owner}/${request.repository}`,
    branch: request.commit,
    canResume: true,
    settings: [],
    lost: lost.signal,
    displaced: new AbortController().signal,
    async deliver(prompt, isWanted = () => Promise.resolve(true)) {
      await at("prompt", sessionId);
      if (observed.some(({ type }) => type === "working")) return "delivered";
      if (!(await isWanted())) return "unwanted";
      note(`prompt ${sessionId} ${prompt}`);
      void work(prompt);
      await at("prompted", sessionId);
      return "delivered";
    },
    link: () => Promise.resolve(`https://github.com/octo-org/hello/tasks/${sessionId}`),
    observe(listener) {
      for (const one of observed) listener(one);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say(text) {
      note(`say ${sessionId} ${text}`);
      void work(text);
      return Promise.resolve("delivered");
    },
    abort() {
      see({ type: "aborted" });
      return Promise.resolve("aborted");
    },
    answer(requestId, { text = "" }) {
      if (!waiting.delete(requestId)) return Promise.resolve("not_waiting");
      see({ type: "answered", requestId });
      void work(text);
      return Promise.resolve("answered");
    },
    canAnswer: (requestId) => waiting.has(requestId) || requestId === "1",
    detach() {
      lost.abort();
      listeners.clear();
      return Promise.resolve();
    },
    hosted: {
      machine,
      isIsolated: true,
      shared: { type: "shared", url: null },
      hasPrompt: before.length > 0,
      share: () => Promise.resolve({ type: "shared", url: "https://github.com/" }),
      unshare: () => Promise.resolve(true),
      usage: () =>
        Promise.resolve({
          requests: 3,
          inputTokens: 100,
          outputTokens: 20,
          linesAdded: 1,
          linesRemoved: 0,
        }),
      async push(token) {
        await at("push", sessionId);
        if (token === "refused") throw new Error("GitHub doesn't take it");
        note(`push ${sessionId} ${token}`);
        await at("pushed", sessionId);
        return { type: "pushed", commit: "a".repeat(40) };
      },
    },
  };
}
