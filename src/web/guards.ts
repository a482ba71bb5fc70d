import type { Context, Handler } from "hono";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { Viewer } from "../ports/viewing.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { PersonalForm } from "./forms.ts";
import { readPersonalForm } from "./forms.ts";
import { refusedTokenPage, staleFormPage, viewerUnreachablePage } from "./pages/problems.ts";
import type { Viewers, ViewingSession } from "./viewers.ts";
import type { Visit, Visits } from "./visits.ts";

/** Who has asked for a page. */
export interface SignedIn {
  readonly viewer: Viewer;
  /** For the page's forms. */
  readonly formToken: string;
}

/** Who has sent a form; what the viewer can read is asked for anew. */
export interface SignedInForm {
  readonly viewer: Viewer;
  readonly form: PersonalForm;
}

/** What stands before every route that shows or does something for whoever may read a repository. */
export interface Guards {
  /** A page: whoever isn't signed in is sent to GitHub, and comes back to it. An event stream is refused then. */
  signedIn(handler: (c: Context, who: SignedIn) => Response | Promise<Response>): Handler;
  /** A form: only the bot's own, sent by the browser that got it, of somebody who's signed in. */
  signedInForm(handler: (c: Context, who: SignedInForm) => Response | Promise<Response>): Handler;
}

interface Options {
  readonly visits: Visits;
  readonly viewers: Viewers;
  readonly sessions: Pick<WebSessions, "dropToken">;
  readonly now: () => Date;
}

/** In milliseconds: whose token GitHub refuses so soon isn't sent there again and again. */
const JUST_SIGNED_IN_MS = 60_000;

/** Makes the guards of these pages. */
export function createGuards({ visits, viewers, sessions, now }: Options): Guards {
  /** What to answer when GitHub doesn't say what the person can read. */
  async function withoutRights(
    c: Context,
    session: ViewingSession,
    { reason }: ViewingTrouble,
  ): Promise<Response> {
    if (reason === "unreachable") return c.html(viewerUnreachablePage(), 503);
    await sessions.dropToken(session);
    const age = now().getTime() - Date.parse(session.createdAt);
    return age < JUST_SIGNED_IN_MS ? c.html(refusedTokenPage(), 503) : askToSignIn(c);
  }

  async function guarded(
    c: Context,
    session: ViewingSession,
    answer: () => Response | Promise<Response>,
  ): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ViewingTrouble) return withoutRights(c, session, error);
      throw error;
    }
  }

  return {
    signedIn: (handler) => async (c) => {
      const visit = await visits.read(c);
      const session = viewingSession(visit);
      if (visit === null || session === null) return askToSignIn(c);
      const { formToken } = visit;
      const viewer = viewers.toShow(session);
      return guarded(c, session, () => handler(c, { viewer, formToken }));
    },
    signedInForm: (handler) => async (c) => {
      const form = await readPersonalForm(c, visits);
      const session = form === null ? null : viewingSession(form.visit);
      if (form === null || session === null) return c.html(staleFormPage(), 403);
      const viewer = viewers.toAct(session);
      return guarded(c, session, () => handler(c, { viewer, form }));
    },
  };
}

/** Null also for somebody who has only connected their Copilot: GitHub signs them in without asking them again. */
function viewingSession(visit: Visit | null): ViewingSession | null {
  const { session = null } = visit ?? {};
  const viewerToken = session?.viewerToken ?? null;
  return session === null || viewerToken === null ? null : { ...session, viewerToken };
}

/** The same whether or not there's something at the address. */
function askToSignIn(c: Context): Response | Promise<Response> {
  if (c.req.method === "POST") return c.html(staleFormPage(), 403);
  if (isForEvents(c)) return c.text("Sign in first.", 401);
  const { pathname, search } = new URL(c.req.url);
  const returnTo = new URLSearchParams({ return_to: `${pathname}${search}` });
  return c.redirect(`/sign-in?${returnTo.toString()}`, 303);
}

function isForEvents(c: Context): boolean {
  return c.req.header("accept")?.includes("text/event-stream") === true;
}
