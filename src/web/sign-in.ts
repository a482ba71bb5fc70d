import type { Context } from "hono";
import { Hono } from "hono";
import type { WaitingTask } from "../ports/waiting-people.ts";
import type { Flow } from "./cookies.ts";
import { readForm, readPersonalForm } from "./forms.ts";
import type { PageParts } from "./options.ts";
import { staleFormPage } from "./pages/problems.ts";
import { oneQuery } from "./query.ts";
import { ownPage } from "./return-to.ts";
import { challengeOf } from "./secrets.ts";
import { findTask } from "./task-routes.ts";

type Way = Pick<Flow, "purpose" | "taskId" | "returnTo">;

const TO_CONNECT: Way = { purpose: "connect", taskId: null, returnTo: "/connect" };

/** Sends browsers to GitHub: to see the pages, and to connect a Copilot, from the button or a waiting task's link. */
export function signInRoutes(parts: PageParts): Hono {
  const { authorization, signIn, cookies, visits, random, waiting } = parts;
  const { origin } = new URL(parts.publicUrl);

  /** The browser keeps what GitHub has to send back, so that no other browser can use it. */
  function toGitHub(c: Context, way: Way, neededLogin: string | null = null): Response {
    const [state, verifier] = [random(), random()];
    cookies.writeFlow(c, { ...way, state, verifier });
    const challenge = challengeOf(verifier);
    const { authorizeUrl } = way.purpose === "connect" ? authorization : signIn;
    return c.redirect(authorizeUrl({ state, challenge, neededLogin }), 303);
  }

  /** Without it, GitHub sends somebody who has agreed before back at once, again and again. */
  async function neededFor(
    c: Context,
    { requesterId, requesterLogin }: WaitingTask,
  ): Promise<string | null> {
    const person = (await visits.read(c))?.session?.person;
    return person === undefined || person.id === requesterId ? null : requesterLogin;
  }

  return new Hono()
    .get("/sign-in", async (c) => {
      const returnTo = ownPage(oneQuery(c, "return_to") ?? "", origin) ?? "/";
      const visit = await visits.read(c);
      // Another page of this browser was here first.
      const isSignedIn = (visit?.session?.viewerToken ?? null) !== null;
      if (isSignedIn) return c.redirect(returnTo, 303);
      return toGitHub(c, { purpose: "sign_in", taskId: null, returnTo });
    })
    .post("/sign-out", async (c) => {
      if ((await readPersonalForm(c, visits)) === null)
        return c.html(staleFormPage(c.req.path), 403);
      await visits.signOut(c);
      return c.redirect("/", 303);
    })
    .get("/connect", async (c, next) => {
      if (c.req.queries("task") === undefined) return next();
      const task = await findTask(waiting, oneQuery(c, "task"));
      // Nobody is connected without a click, unless a task waits for it. Whether there's another is nobody's business.
      if (task?.isWaiting !== true) return c.redirect("/connect", 303);
      return toGitHub(c, { ...TO_CONNECT, taskId: task.id }, await neededFor(c, task));
    })
    .post("/connect/start", async (c) => {
      const form = await readForm(c, visits);
      return form === null ? c.html(staleFormPage(c.req.path), 403) : toGitHub(c, TO_CONNECT);
    });
}
