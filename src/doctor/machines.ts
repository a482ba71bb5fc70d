import type { Finding } from "../core/doctor/finding.ts";
import type { Machine } from "../core/worker/machine.ts";
import { isServed } from "../core/worker/machine.ts";
import type { HostedTask } from "../core/worker/machines-reading.ts";
import type { Audience, DoctorProblem } from "./examination.ts";
import { quote, summary } from "./examination.ts";

/** What the finding about them is called. */
export const MACHINES = "machines for sessions";

interface Found {
  readonly machines: readonly Machine[];
  /** What they have to do, and what waits for them. */
  readonly tasks: readonly HostedTask[];
  /** Whether the bot's own machine runs sessions, too, as soon as the bot runs. */
  readonly hasOwn: boolean;
}

/** Whether machines are there that run what the policies send to them. */
export function judgeMachines({ machines, tasks, hasOwn }: Found, audience: Audience): Finding {
  const isAnyThere = hasOwn || machines.some(({ isThere }) => isThere);
  const others = machines.filter(({ hasOtherVersion }) => hasOtherVersion);
  const problems = [
    ...(isAnyThere || others.length > 0 ? [] : [NONE]),
    ...versionProblems(others, isAnyThere),
    ...unservedProblems(machines, tasks),
    ...awayProblems(tasks),
  ];
  return summary(MACHINES, problems, audience === "thread" ? "Connected." : inFigures(machines));
}

const NONE: DoctorProblem = {
  level: "failed",
  found:
    "No machine is connected that runs sessions: `SELF_HOSTED_SESSIONS` is 0 here, and no worker is there.",
  cure: "Start `script/worker` on another machine, or set `SELF_HOSTED_SESSIONS` to 1 or more.",
};

/** @param isAnyThere whether another machine runs sessions */
function versionProblems(
  others: readonly Machine[],
  isAnyThere: boolean,
): readonly DoctorProblem[] {
  return others.map(({ name }) => ({
    level: isAnyThere ? "warning" : "failed",
    found: `The machine ${quote(name)} runs another version than the bot, so it takes no sessions.`,
    cure: "Install the bot's version on it, and restart its worker.",
  }));
}

function unservedProblems(
  machines: readonly Machine[],
  tasks: readonly HostedTask[],
): readonly DoctorProblem[] {
  const unserved = tasks.filter(
    ({ machine, labels }) => machine === null && labels.length > 0 && !isServed(machines, labels),
  );
  return counted(unserved.map(({ labels }) => labelsText(labels))).map(([labels, count]) => ({
    level: "failed",
    found: `${tasksIn(count)} for a machine with ${labels}, which none that's connected has.`,
    cure: "Start a worker with these labels (`WORKER_LABELS`), or stop these tasks and change `runs_on` in the policy.",
  }));
}

function awayProblems(tasks: readonly HostedTask[]): readonly DoctorProblem[] {
  const away = tasks.filter(({ awaySince }) => awaySince !== null);
  return counted(away.map(({ machine }) => quote(machine ?? "unknown"))).map(
    ([machine, count]) => ({
      level: "warning",
      found: `${tasksIn(count)} for the machine ${machine}, which isn't reached.`,
      cure: "Start the worker of a machine that isn't reached again with the same `DATA_DIR`, and check that it reaches the database. If it never comes back, stop these tasks and retry them.",
    }),
  );
}

function labelsText(labels: readonly string[]): string {
  return `the ${labels.length === 1 ? "label" : "labels"} ${labels.map(quote).join(", ")}`;
}

/** Each of these texts once, with how often it's there. */
function counted(texts: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length]);
}

function tasksIn(count: number): string {
  return count === 1 ? "1 task waits" : `${count} tasks wait`;
}

function inFigures(machines: readonly Machine[]): string {
  const there = machines.filter(({ isThere }) => isThere);
  const sum = (of: (machine: Machine) => number) => there.reduce((all, one) => all + of(one), 0);
  const places = `${sum(({ taken }) => taken)} of ${sum((one) => one.places)} places taken`;
  const away = machines.filter((one) => !one.isThere && !one.hasOtherVersion).length;
  return `${there.length} connected, ${places}${away === 0 ? "" : `; ${away} not connected`}.`;
}
