import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createCopilot } from "../../src/copilot/copilot.ts";
import type { CloudSession } from "../../src/ports/copilot.ts";
import { TIMEOUTS } from "../timeouts.ts";
import { NEWEST } from "../../sandbox/newest-runtime.ts";
import { requestFor, useWorld } from "./world.ts";

/** Each takes a second of a processor. */
const USERS = Array.from({ length: 8 }, (_, index) => `gho_user${index + 1}`);
const LIMITS = { maxRuntimes: USERS.length, idleMs: 3_600_000, minIdleMs: 0 };
const world = useWorld({ program: NEWEST, limits: LIMITS });

async function open(token: string): Promise<CloudSession> {
  const copilot = createCopilot(world.runtime, TIMEOUTS, { warn() {} });
  const opening = await copilot.open(requestFor(token, token));
  if (opening.type !== "started") throw new TypeError(JSON.stringify(opening));
  if ((await opening.session.deliver("Fix it.")) !== "delivered") throw new TypeError("no prompt");
  return opening.session;
}

test(
  "users at once, each with a process and a token of their own; one more waits and is served",
  { timeout: 120_000 },
  async () => {
    const { missionControl, runtime } = world;
    missionControl.behave({ workerDelayMs: 0, link: { none: true } });
    const sessions = await Promise.all(USERS.map((token) => open(token)));

    const { processes } = runtime.status();
    expect(processes.map((one) => one.sessions)).toEqual(USERS.map(() => 1));
    expect(new Set(processes.map(({ processId }) => processId)).size).toBe(USERS.length);
    for (const { memoryMb } of processes) expect(memoryMb).toBeGreaterThan(20);
    const created = missionControl.tasks.map(
      (task) => `${task.repository} by ${task.authorization}`,
    );
    expect(created.toSorted()).toEqual(USERS.map((token) => `octo/${token} by ${token}`));

    // All of them work, so nobody makes room.
    const next = open("gho_next");
    await waited(() => runtime.status().waiting === 1);
    expect(sessions.map(({ displaced }) => displaced.aborted)).toEqual(USERS.map(() => false));
    const [first, second] = sessions;
    missionControl.emit(first?.id ?? "", "session.idle", {});
    await new Promise<void>((resolve) => {
      first?.displaced.addEventListener("abort", () => resolve());
    });
    await first?.detach();
    const late = await next;
    expect(missionControl.tasks.at(-1)).toMatchObject({ authorization: "gho_next", id: late.id });
    expect(runtime.status().processes).toHaveLength(USERS.length);
    expect(second?.lost.aborted).toBe(false);

    // A process that dies takes its own sessions along, and no others.
    const victim = runtime.status().processes.at(-1)?.processId ?? 0;
    execFileSync("kill", ["-9", String(victim)]);
    await new Promise<void>((resolve) => late.lost.addEventListener("abort", () => resolve()));
    expect(sessions.slice(1).map(({ lost }) => lost.aborted)).toEqual(
      USERS.slice(1).map(() => false),
    );
    expect(await second?.say("Still there?")).toBe("delivered");
    const again = await open("gho_next");
    expect(missionControl.tasks.at(-1)).toMatchObject({ authorization: "gho_next", id: again.id });
    await Promise.all([...sessions, again].map((session) => session.detach()));
  },
);

async function waited(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => void setTimeout(resolve, 20));
}
