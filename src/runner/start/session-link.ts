import type { GitHubHosts } from "../../core/github/hosts.ts";
import { documentedLink } from "../../core/session/link.ts";
import type { Failure } from "../../core/task/failure.ts";
import type { Task } from "../../core/task/task.ts";
import { linked as linkedTo, sessionKnown } from "../../core/task/transitions/starting.ts";
import type { Ports } from "../../ports/ports.ts";
import { record } from "../lease/record.ts";

interface Parts {
  readonly ports: Pick<Ports, "tasks">;
  readonly hosts: GitHubHosts;
}

/** The task with the id of a session that failed to start, and the documented link, where the failure names one. */
export async function withDocumentedLink(
  { ports, hosts }: Parts,
  task: Task,
  { sessionId }: Failure,
): Promise<Task> {
  // A session on a machine has another id on GitHub, if it has one.
  if (sessionId === undefined || task.session.hosting !== null) return task;
  const link = { url: documentedLink(hosts, sessionId), source: "documented" } as const;
  return record(ports.tasks, task, linkedTo(sessionKnown(task, sessionId), link));
}
