import type { Context, Handler } from "hono";
import { asksForEvents } from "../core/page/event-stream.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { Viewer } from "../ports/viewing.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { EventStreamOptions, EventStreamRoute } from "./event-streams.ts";
import { createEventStreams } from "./event-streams.ts";
import type { PersonalForm } from "./forms.ts";
import { readPersonalForm } from "./forms.ts";
import {
  busyViewerPage,
  refusedTokenPage,
  staleFormPage,
  viewerUnreachablePage,
} from "./pages/problems.ts";
import { createTally } from "./tally.ts";
import type { ViewingSession } from "./scopes.ts";
import type { Viewers } from "./viewers.ts";
import type { Visit, Visits } from "./visits.ts";

/** Who has asked for a page. */
export interface SignedIn {
  readonly viewer: Viewer;
  /** For the page's forms. */
  readonly formToken: string;
}

/** Who has sent a form; GitHub is asked anew what they can read. */
export interface SignedInForm {
  readonly viewer: Viewer;
  readonly form: PersonalForm;
}

/** What stands before every route that shows or does something for whoever may read a repository. */
export interface Guards {
  /** A page: whoever isn't signed in is sent to GitHub, and comes back to it. */
  readonly signedIn: (
    handler: (c: Context, who: SignedIn) => Response | Promise<Response>,
  ) => Handler;
  /** A form: only the bot's own, sent by the browser that got it, of somebody who's signed in. */
  readonly signedInForm: (
    handler: (c: Context, who: SignedInForm) => Response | Promise<Response>,
  ) => Handler;
  /** An event stream: it ends when the session does, or the viewer may not watch anymore. */
  readonly signedInStream: (route: EventStreamRoute) => Handler;
}

interface Options extends EventStreamOptions {
  readonly now: () => Date;
  readonly visits: Visits;
  readonly viewers: Viewers;
  readonly sessions: Pick<WebSessions, "dropToken">;
}

/** In milliseconds: whose token GitHub refuses so soon isn't sent there again and again. */
const JUST_SIGNED_IN_MS = 60_000;
/** Of one session, at once: nobody takes the room that others need. */
const MAX_PAGES = 10;
const NOT_FOR_EVENTS = "This is an event stream: use GET, and Accept: text/event-stream.";

/** Makes the guards of these pages. */
export function createGuards(options: Options): Guards {
  const { visits, viewers } = options;
  const answered = guardRights(options);
  const streams = createEventStreams(options);

  return {
    signedIn: (handler) => async (c) => {
      const visit = await visits.read(c);
      const session = viewingSession(visit);
      if (visit === null || session === null) return askToSignIn(c);
      const { formToken } = visit;
      const viewer = viewers.toShow(session);
      return answered(c, session, () => handler(c, { viewer, formToken }));
    },
    signedInForm: (handler) => async (c) => {
      const form = await readPersonalForm(c, visits);
      const session = form === null ? null : viewingSession(form.visit);
      if (form === null || session === null) return c.html(staleFormPage(c.req.path), 403);
      const viewer = viewers.toAct(session);
      return answered(c, session, () => handler(c, { viewer, form }));
    },
    signedInStream: (route) => async (c) => {
      // Any other answer that stays open would take a page's room, or never end.
      if (!asksForEvents(c.req.method, c.req.header("accept"))) return c.text(NOT_FOR_EVENTS, 406);
      const session = viewingSession(await visits.read(c, { isUse: false }));
      if (session === null) return c.text("Sign in first.", 401);
      const viewer = viewers.toWatch(session);
      return answered(c, session, () => streams.open(c, { id: session.id, viewer }, route));
    },
  };
}

/** Answers for a session, unless GitHub doesn't say what the person can read. */
function guardRights({ sessions, now }: Options) {
  const tally = createTally(MAX_PAGES);

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

  return async (
    c: Context,
    session: ViewingSession,
    answer: () => Response | Promise<Response>,
  ): Promise<Response> => {
    const end = tally.begin(session.id);
    if (end === null) return c.html(busyViewerPage(), 429);
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ViewingTrouble) return await withoutRights(c, session, error);
      throw error;
    } finally {
      end();
    }
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
  if (c.req.method === "POST") return c.html(staleFormPage(c.req.path), 403);
  if (asksForEvents(c.req.method, c.req.header("accept"))) return c.text("Sign in first.", 401);
  const { pathname, search } = new URL(c.req.url);
  const returnTo = new URLSearchParams({ return_to: `${pathname}${search}` });
  return c.redirect(`/sign-in?${returnTo.toString()}`, 303);
}
