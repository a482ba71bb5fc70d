import type { z } from "zod";
import type { Call } from "../core/worker/messages.ts";
import type { openedSchema } from "../core/worker/results.ts";
import {
  abortSchema,
  answeredSchema,
  arrivalSchema,
  deliverySchema,
  linkSchema,
  pushSchema,
  shareSchema,
  usageSchema,
} from "../core/worker/results.ts";
import type { HostedControls, Share } from "../ports/hosted-controls.ts";
import type { HostedSession } from "../ports/session-host.ts";
import type { PushOutcome } from "../ports/workspaces.ts";
import type { WorkerConnection, Reply } from "./worker-connection.ts";

/** What a session is when it's connected to. */
export type OpenedOnWorker = z.output<typeof openedSchema>;

const ALWAYS = () => Promise.resolve(true);

/**
 * A session on a worker, as the bot uses it.
 *
 * @param isStopping whether this process ends, and leaves its sessions to others
 */
export function createRemoteSession(
  connection: WorkerConnection,
  opened: OpenedOnWorker,
  isStopping: () => boolean,
): HostedSession {
  const { repository, branch, settings, canResume } = opened;
  const asked = async <Result>(
    schema: z.ZodType<Result>,
    call: Call,
    unreachable: Result,
    isWanted = ALWAYS,
  ): Promise<Result> => read(schema, await connection.call(call, isWanted), unreachable);
  return {
    id: connection.sessionId,
    repository,
    branch,
    settings,
    canResume,
    lost: connection.lost,
    displaced: connection.displaced,
    deliver: (prompt, isWanted) =>
      asked(arrivalSchema, { type: "deliver", prompt }, "unwatched", isWanted),
    link: (withinMs) => asked(linkSchema, { type: "link", withinMs }, null),
    observe: (listener) => connection.observe(listener),
    say: (text) => asked(deliverySchema, { type: "say", text }, "unwatched"),
    abort: () => asked(abortSchema, { type: "abort" }, "unreachable"),
    answer: (requestId, answer) =>
      asked(answeredSchema, { type: "answer", requestId, answer }, "unreachable"),
    canAnswer: (requestId) => connection.canAnswer(requestId),
    async detach() {
      if (isStopping()) connection.notify({ type: "disconnect" });
      // Its room is free before somebody else asks for it.
      else await connection.call({ type: "detach" });
      connection.end();
    },
    hosted: createControls(connection, opened),
  };
}

function createControls(connection: WorkerConnection, opened: OpenedOnWorker): HostedControls {
  const { machine, isIsolated, shared, hasPrompt } = opened;
  return {
    machine,
    isIsolated,
    shared,
    hasPrompt,
    share: async () =>
      read<Share>(shareSchema, await connection.call({ type: "share" }), {
        type: "refused",
        failure: {
          code: "runtime_crashed",
          message: `${machine} doesn't answer`,
          nothingCreated: false,
        },
      }),
    unshare: async () => (await connection.call({ type: "unshare" }).then(resultOf)) === true,
    usage: async () => read(usageSchema, await connection.call({ type: "usage" }), null),
    push: (token) => pushThrough(connection, machine, token),
  };
}

/** Has a worker push what the agent of a session has committed. @throws when it doesn't answer, or GitHub doesn't take it */
export async function pushThrough(
  connection: WorkerConnection,
  machine: string,
  token: string,
): Promise<PushOutcome> {
  const reply = await connection.callSealed("push", { token });
  if (reply.type === "unreachable") throw new Error(`${machine} doesn't answer`);
  return pushSchema.parse(reply.result);
}

function resultOf(reply: Reply): unknown {
  return reply.type === "result" ? reply.result : null;
}

function read<Result>(schema: z.ZodType<Result>, reply: Reply, unreachable: Result): Result {
  return reply.type === "unreachable" ? unreachable : schema.parse(reply.result);
}
