import type { Policy } from "../../core/policy/policy.ts";
import { documentedLink } from "../../core/session/link.ts";
import { failureIn } from "../../core/task/outcome.ts";
import type { Task } from "../../core/task/task.ts";
import { linked as linkedTo } from "../../core/task/transitions/starting.ts";
import type { Next } from "../../ports/queue.ts";
import { record } from "../lease/record.ts";
import type { Halted } from "../report/outcomes.ts";
import { DISCONNECTED } from "../session/disconnected.ts";
import { beginAnew, reachHosted } from "./hosted-again.ts";
import { interrupted } from "./interrupted.ts";
import { handBack } from "./other-replica.ts";
import { report } from "./report.ts";
import { attachAs, sessionSettingsOf } from "./session-request.ts";
import type { StarterParts } from "./starter-parts.ts";

/** After a restart: the session is there, and its events show whether it has the prompt. */
export async function resume(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, sessions, timeouts } = parts;
  const sessionId = task.session.id ?? "";
  if (task.session.prompt.deliveredAt !== null) {
    const link = { url: documentedLink(parts.hosts, sessionId), source: "documented" } as const;
    return report(parts, await record(ports.tasks, task, linkedTo(task, link)));
  }
  const identity = await ports.identities.identityFor(task);
  if (identity.type === "unreachable") return { afterMs: timeouts.reportAgainMs };
  if (identity.type === "unavailable") return handBack(parts, task);
  if (identity.type === "not_connected") return interrupted(parts, task, DISCONNECTED);
  const again = await promptAgain(parts, task);
  if (again.type === "halted") return again.next;
  if (task.session.hosting !== null) {
    const reached = await reachHosted(parts, task, identity);
    if (reached.type === "halted") return reached.next;
    if (reached.type === "gone") return beginAnew(parts, task);
    return sessions.begin(reached.task, reached.session, again.text);
  }
  const settings = sessionSettingsOf(again.policy, task);
  const session = await attachAs(ports, task, identity, settings);
  if (session !== null) return sessions.begin(task, session, again.text);
  if (ports.stopping.aborted) return "done";
  if (failureIn(task.outcome) !== null) return report(parts, task);
  return interrupted(parts, task);
}

interface PromptAgain {
  readonly type: "prompt";
  readonly text: string;
  readonly policy: Policy;
}

/** The prompt of a session that is there already: the gate has let it pass. With the policy of now. */
async function promptAgain(parts: StarterParts, task: Task): Promise<PromptAgain | Halted> {
  const { gate, writer } = parts;
  const looked = await gate.look(task);
  if (looked.type === "halted") return looked;
  const { facts, reading } = looked.value;
  if (reading.type === "problems") {
    return { type: "halted", next: await interrupted(parts, task) };
  }
  const { policy } = reading;
  const admitted = { task, survey: facts.survey, policy };
  const written = await writer.write(admitted, task.session.hosting);
  return written.type === "halted" ? written : { type: "prompt", text: written.text, policy };
}
