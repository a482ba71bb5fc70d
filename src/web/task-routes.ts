import type { Context } from "hono";
import { Hono } from "hono";
import type { WaitingPeople, WaitingTask } from "../ports/waiting-people.ts";
import type { WebSession } from "../ports/web-sessions.ts";
import type { PageParts } from "./options.ts";
import {
  continuedPage,
  notWaitingPage,
  otherAccountPage,
  signInForTaskPage,
  stillWaitingPage,
  unknownTaskPage,
} from "./pages/task.ts";

/** What a task's id looks like in an address. */
export const TASK_ID = /^[\w-]{1,64}$/u;

/** A task by what an address names; null for an id that no task has, or can have. */
export async function findTask(
  waiting: Pick<WaitingPeople, "find">,
  id: string | null,
): Promise<WaitingTask | null> {
  return id !== null && TASK_ID.test(id) ? waiting.find(id) : null;
}

/** What became of a task, for whoever signed in because of it. */
export function taskRoutes({ connections, visits, waiting }: PageParts): Hono {
  async function show(c: Context, { person, continuedTask }: WebSession, id: string) {
    const task = await findTask(waiting, id);
    // Logins change hands.
    const isTheirs = task?.requesterId === person.id;
    // Its link leads whoever has it to connect. Of others' tasks that need nobody, there's nothing to see here.
    if (task === null || (!isTheirs && !task.isWaiting)) return c.html(unknownTaskPage(), 404);
    if (!isTheirs) return c.html(otherAccountPage(task, person), 403);
    if (continuedTask === task.id) return c.html(continuedPage(task));
    if (!task.isWaiting) return c.html(notWaitingPage(task));
    const isConnected = (await connections.find(person.id)) !== null;
    return c.html(isConnected ? continuedPage(task) : stillWaitingPage(task));
  }

  return new Hono().get("/connect/task/:id", async (c) => {
    const id = c.req.param("id");
    const session = (await visits.read(c))?.session ?? null;
    if (session !== null) return show(c, session, id);
    // Whether there's such a task is nobody's business yet.
    return TASK_ID.test(id) ? c.html(signInForTaskPage(id), 401) : c.html(unknownTaskPage(), 404);
  });
}
