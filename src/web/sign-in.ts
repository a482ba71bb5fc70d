import type { Context } from "hono";
import { Hono } from "hono";
import type { WaitingTask } from "../ports/waiting-people.ts";
import { readForm } from "./forms.ts";
import type { PageParts } from "./options.ts";
import { staleFormPage } from "./pages/problems.ts";
import { oneQuery } from "./query.ts";
import { challengeOf } from "./secrets.ts";
import { findTask } from "./task-routes.ts";

/** Sends browsers to GitHub: from the button, and from the link that a waiting task's comment has. */
export function signInRoutes(parts: PageParts): Hono {
  const { authorization, cookies, random, waiting } = parts;

  /** The browser keeps what GitHub has to send back, so that no other browser can use it. */
  function toGitHub(c: Context, taskId: string | null, neededLogin: string | null): Response {
    const [state, verifier] = [random(), random()];
    cookies.writeFlow(c, { state, verifier, taskId });
    const challenge = challengeOf(verifier);
    return c.redirect(authorization.authorizeUrl({ state, challenge, neededLogin }), 303);
  }

  /** Without it, GitHub sends somebody who has agreed before back at once, again and again. */
  function neededFor(c: Context, { requesterId, requesterLogin }: WaitingTask): string | null {
    const person = cookies.readSession(c)?.person ?? null;
    return person === null || person.id === requesterId ? null : requesterLogin;
  }

  return new Hono()
    .get("/connect", async (c, next) => {
      if (c.req.queries("task") === undefined) return next();
      const task = await findTask(waiting, oneQuery(c, "task"));
      // Nobody is connected without a click, unless a task waits for it. Whether there's another is nobody's business.
      if (task?.isWaiting !== true) return c.redirect("/connect", 303);
      return toGitHub(c, task.id, neededFor(c, task));
    })
    .post("/connect/start", async (c) => {
      const form = await readForm(c, cookies);
      return form === null ? c.html(staleFormPage(), 403) : toGitHub(c, null, null);
    });
}
