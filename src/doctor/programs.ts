import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Finding } from "../core/doctor/finding.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { DoctorProblem } from "./examination.ts";
import { summary } from "./examination.ts";

/** What the finding about them is called. */
export const PROGRAMS = "programs for sessions";

/** A program that sessions need: from which version on, and its package. */
export interface NeededProgram {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly least: readonly [major: number, minor: number];
}

const GIT: NeededProgram = { name: "Git", command: ["git", "--version"], least: [2, 31] };

/** What sessions need on this machine. */
export function neededPrograms({
  isolation,
}: Pick<SelfHosting, "isolation">): readonly NeededProgram[] {
  if (isolation === "none") return [GIT];
  return [
    { name: "bubblewrap", command: ["bwrap", "--version"], least: [0, 8] },
    { name: "socat", command: ["socat", "-V"], least: [1, 0] },
    GIT,
  ];
}

/** Whether this machine has the programs that sessions need. */
export async function examinePrograms(
  selfHosting: Pick<SelfHosting, "isolation">,
): Promise<Finding> {
  const needed = neededPrograms(selfHosting);
  return judgePrograms(needed, await Promise.all(needed.map(versionOf)));
}

async function versionOf({ command: [program, ...args] }: NeededProgram): Promise<string | null> {
  const env = { PATH: process.env["PATH"] };
  const run = promisify(execFile)(program, args, { env });
  return run.then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/** @param outputs what each of them prints about its version; null where it doesn't run */
export function judgePrograms(
  needed: readonly NeededProgram[],
  outputs: readonly (string | null)[],
): Finding {
  const versions = needed.map((program, index) => {
    const found = /\d+(?:\.\d+)+/u.exec(outputs[index] ?? "")?.[0] ?? null;
    return { ...program, found };
  });
  const problems = versions.flatMap(({ name, least, found }): DoctorProblem[] => {
    if (found !== null && isAtLeast(found, least)) return [];
    const what = found === null ? `${name} is missing.` : `${name} ${found} is too old.`;
    const cure = `Install ${name} ${least.join(".")} or newer.`;
    return [{ level: "failed", found: what, cure }];
  });
  return summary(
    PROGRAMS,
    problems,
    `${versions.map(({ name, found }) => `${name} ${found}`).join(", ")}.`,
  );
}

function isAtLeast(version: string, [major, minor]: NeededProgram["least"]): boolean {
  const [first = 0, second = 0] = version.split(".").map(Number);
  return first > major || (first === major && second >= minor);
}
