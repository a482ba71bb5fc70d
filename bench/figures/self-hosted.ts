import { setTimeout as sleep } from "node:timers/promises";
import { usageOfDirectories, usageOfProcesses } from "../../src/isolation/usage.ts";
import type { Figure } from "../figure.ts";
import { compare, interleave, pick, sampleOf } from "../measurement.ts";
import type { OwnMachine, SessionParts } from "../own-machine.ts";
import { startOwnMachine } from "../own-machine.ts";

/** In each round, one after the other. */
const TASKS = 3;
const AT_MOST = { type: "at most", value: 1.2 } as const;
/** After its link, until a session is left, so that the next one has the machine to itself. */
const LEFT = { BENCH_LEAVE_AFTER_MS: "200" };

/** From the webhook of a label to the comment with the link of a session on this machine, whose repository was fetched before. */
export const selfHosted: Figure = {
  name: "self-hosted",
  async measure({ rounds, directory }) {
    const machine = await startOwnMachine(directory, "self-hosted", LEFT);
    const measures = measuresOf(machine, 1, TASKS);
    await interleave(1, measures);
    const pairs = await interleave(rounds, measures);
    await machine.close();
    return [compare({ figure: "self-hosted: label to link", unit: "ms", target: AT_MOST }, pairs)];
  },
};

const AT_ONCE = 4;

/** From the first webhook to the last link of sessions that start at once. */
export const selfHostedAtOnce: Figure = {
  name: "self-hosted at once",
  async measure({ rounds, directory }) {
    const settings = { ...LEFT, SELF_HOSTED_SESSIONS: String(AT_ONCE) };
    const machine = await startOwnMachine(directory, "self-hosted-at-once", settings);
    const measures = measuresOf(machine, AT_ONCE, 1);
    await interleave(1, measures);
    const pairs = await interleave(rounds, measures);
    await machine.close();
    const figure = `self-hosted: ${AT_ONCE} sessions at once`;
    return [compare({ figure, unit: "ms", target: AT_MOST }, pairs)];
  },
};

/** Milliseconds for so many sessions at once, the middle one of several times. */
function measuresOf(machine: OwnMachine, atOnce: number, times: number) {
  const middle = async (measure: () => Promise<number>) => {
    const tookMs: number[] = [];
    for (let time = 0; time < times; time += 1) tookMs.push(await measure());
    return sampleOf(tookMs).median;
  };
  return {
    floor: () =>
      middle(async () => {
        const ms = await machine.script(atOnce);
        await machine.endScript();
        return ms;
      }),
    ours: () =>
      middle(async () => {
        const ms = await machine.label(atOnce);
        await machine.untilLeft();
        return ms;
      }),
  };
}

/** After the link, until the agent has said what it has to say. */
const SETTLING_MS = 4_000;
const MB = 1_000_000;

/** What a session takes while its agent waits for a message. */
export const selfHostedSession: Figure = {
  name: "self-hosted session",
  async measure({ rounds, directory }) {
    const pairs = [];
    for (let round = 1; round <= rounds; round += 1) {
      const machine = await startOwnMachine(directory, `self-hosted-session-${round}`, {});
      await machine.script(1);
      await machine.label(1);
      await sleep(SETTLING_MS);
      const { ours, floor } = await machine.sessions();
      pairs.push({ floor: await usageOf(floor), ours: await usageOf(ours) });
      await machine.endScript();
      await machine.close();
    }
    return [
      compare(
        { figure: "self-hosted: memory of a session", unit: "MB", target: AT_MOST },
        pick(pairs, ({ memory }) => memory / MB),
      ),
      compare(
        { figure: "self-hosted: disk of a session", unit: "MB", target: AT_MOST },
        pick(pairs, ({ disk }) => disk / MB),
      ),
    ];
  },
};

/** What of a sandbox is in memory; nobody's else is looked at. */
const IN_MEMORY = ["/tmp", "/dev/shm", "/home/agent"];

async function usageOf({ processes, directories }: SessionParts) {
  const { memory, nameless } = await usageOfProcesses(processes, IN_MEMORY, true);
  return { memory, disk: nameless + (await usageOfDirectories(directories)) };
}
