import { readdir, readFile } from "node:fs/promises";

/** The ids of a process and its descendants, parents first. An orphan belongs to the sandbox's first process. */
export async function withChildren(processId: number): Promise<readonly number[]> {
  const found = [processId];
  for (const id of found) {
    const threads = await readdir(`/proc/${id}/task`).catch(() => []);
    for (const thread of threads) {
      const children = await kernelText(`/proc/${id}/task/${thread}/children`);
      found.push(...children.split(" ").filter(Boolean).map(Number));
    }
  }
  return found;
}

/** The ids of all processes that were started with this in their environment, whoever their parents are. */
export async function startedWith(variable: string): Promise<readonly number[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name)).map(Number);
  const found = ids.map(async (id) => {
    const environment = await kernelText(`/proc/${id}/environ`);
    return environment.split("\0").includes(variable) ? [id] : [];
  });
  return (await Promise.all(found)).flat();
}

/** When a process began, in the kernel's ticks; null when it's gone. Ids are given again, times aren't. */
export async function startOf(processId: number): Promise<string | null> {
  const afterName = (await kernelText(`/proc/${processId}/stat`)).split(") ").at(-1) ?? "";
  const [state, ...fields] = afterName.split(" ");
  return state === "Z" ? null : (fields[18] ?? null);
}

/** False when it's gone already. */
export function kill(processId: number): boolean {
  try {
    return process.kill(processId, "SIGKILL");
  } catch {
    return false;
  }
}

/** What a file of the kernel's says; "" when it's gone. */
export async function kernelText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
