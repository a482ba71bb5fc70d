import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { z } from "zod";
import type { Behavior } from "../../sandbox/mission-control/behavior.ts";
import type { MissionControl } from "../../sandbox/mission-control/server.ts";
import { startMissionControl } from "../../sandbox/mission-control/server.ts";
import type { RecordedTask } from "../../sandbox/mission-control/task.ts";
import type { CloudSession, Copilot } from "../../src/ports/copilot.ts";
import type { Timeouts } from "../../src/ports/timeouts.ts";
import { createCopilot } from "../../src/copilot/copilot.ts";
import type { PoolLimits } from "../../src/copilot/pool.ts";
import type { Runtimes } from "../../src/copilot/runtimes.ts";
import { createRuntimes } from "../../src/copilot/runtimes.ts";
import type { Observed } from "./observed.ts";
import { observe } from "./observed.ts";

const SHORT = {
  startMs: 10_000,
  lateStartMs: 10_000,
  deliveryMs: 4_000,
  confirmMs: 4_000,
};
const SILENT = { info() {}, warn() {} };

/** The real runtime, in front of a Mission Control of our own. */
export interface World {
  readonly missionControl: MissionControl;
  readonly runtime: Runtimes;
  readonly copilot: Copilot;
}

/** A session with its prompt. */
export interface Story extends Observed {
  readonly session: CloudSession;
  readonly task: RecordedTask;
  /** What the runtime has posted to the agent behind the first prompt. */
  readonly steered: () => unknown[];
}

interface Settings {
  /** The runtime; otherwise the pinned one. */
  readonly program?: string;
  readonly limits?: PoolLimits;
}

/** One world for all tests of a file. */
export function useWorld(settings: Settings = {}): World {
  let world: World | undefined;
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copilot-test-"));
    const missionControl = await startMissionControl();
    const variables = { ...process.env, ...missionControl.environment };
    const checks = { log: SILENT, checkEveryMs: 500 };
    const runtime = createRuntimes({ directory, variables, ...checks, ...settings });
    const copilot = createCopilot(runtime, SHORT, SILENT);
    world = { missionControl, runtime, copilot };
    await runtime.running();
  });
  afterAll(async () => {
    await world?.runtime.stop();
    await world?.missionControl.close();
    await rm(directory, { recursive: true, force: true });
  });
  const get = (): World => {
    if (world === undefined) throw new TypeError("not started");
    return world;
  };
  return {
    get missionControl() {
      return get().missionControl;
    },
    get runtime() {
      return get().runtime;
    },
    get copilot() {
      return get().copilot;
    },
  };
}

let count = 0;

export function requestFor(repository: string, token = "gho_octocat") {
  return { owner: "octo", repository, branch: "main", token };
}

/** Opens a session in a repository of its own, and gives it a prompt. */
export async function startStory(
  world: World,
  behavior: Behavior = {},
  timeouts: Partial<Timeouts> = {},
): Promise<Story> {
  count += 1;
  const repository = `story-${count}`;
  world.missionControl.behaveFor(`octo/${repository}`, {
    workerDelayMs: 0,
    link: { none: true },
    ...behavior,
  });
  const copilot = createCopilot(world.runtime, { ...SHORT, ...timeouts }, SILENT);
  const opening = await copilot.open(requestFor(repository));
  if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
  const story = follow(world, opening.session);
  if ((await opening.session.deliver("Fix it.")) !== "delivered") throw new TypeError("no prompt");
  return story;
}

/** Observes a session. */
export function follow(world: World, session: CloudSession): Story {
  const observed = observe(session);
  const { missionControl } = world;
  const task = missionControl.tasks.find(({ id }) => id === session.id);
  if (task === undefined) throw new TypeError("no task");
  return {
    session,
    task,
    ...observed,
    steered: () =>
      missionControl.requests
        .filter(({ path }) => path === `/agents/tasks/${session.id}/steer`)
        .slice(1)
        .map(({ body }) => readable(body)),
  };
}

const commandSchema = z.looseObject({ type: z.string(), content: z.string().optional() });

/** Without what is another one each time, and the content parsed where it is JSON. */
function readable(body: unknown): unknown {
  const { type, content } = commandSchema.parse(body);
  if (content === undefined) return { type };
  const parsed: unknown = content.startsWith("{") ? JSON.parse(content) : content;
  return { type, content: parsed };
}
