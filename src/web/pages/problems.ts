import { html } from "hono/html";
import type { Html, Link } from "./document.ts";
import { notice } from "./layout.ts";

const TRY_AGAIN: Link = { text: "Try again", url: "/connect" };
const START: Link = { text: "Go to the start page", url: "/" };
const SIGN_IN: Link = { text: "Sign in with GitHub", url: "/sign-in" };

/** GitHub sent a browser back that the bot didn't send there, or not recently, or sends back again. */
export function staleSignInPage(): Html {
  return notice(
    "This sign-in isn't valid anymore",
    "It was already used, took longer than 10 minutes, or began in another browser. Nothing was stored.",
    TRY_AGAIN,
  );
}

/** The person said no on GitHub's page. @param purpose what they wanted before */
export function deniedPage(purpose: "sign_in" | "connect"): Html {
  const refused = "GitHub gave the bot no access to your account, and nothing was stored.";
  return purpose === "connect"
    ? notice(
        "You didn't authorize the bot",
        `${refused} Until you connect, the bot can't start sessions for you.`,
        TRY_AGAIN,
      )
    : notice(
        "You didn't authorize the bot",
        `${refused} Until you sign in, the bot can't show you any tasks.`,
        SIGN_IN,
      );
}

/** GitHub doesn't say who signed in. @param page where that's fixed */
export function notSignedInPage({ problem, page }: { problem: string; page: string | null }): Html {
  const link = page === null ? "" : html` <a href="${page}">Fix this on GitHub</a>.`;
  return notice("You couldn't be signed in", html`${problem}${link} Nothing was stored.`, SIGN_IN);
}

/** GitHub doesn't take the token of somebody who has just signed in. */
export function refusedTokenPage(): Html {
  return notice(
    "GitHub doesn't accept your sign-in",
    "You signed in, but GitHub doesn't show the bot what you can read. Try again in a minute. If it happens again, ask your bot administrator.",
    SIGN_IN,
  );
}

/** One person's browser asks for many pages at once. */
export function busyViewerPage(): Html {
  return notice(
    "Too many pages at once",
    "The bot still makes other pages for you. Reload this page in a few seconds.",
    START,
  );
}

/** GitHub doesn't say what the person can read. */
export function viewerUnreachablePage(): Html {
  return notice(
    "GitHub didn't respond",
    "The bot shows only what you can read on GitHub, and couldn't find out what that is. Reload this page in a few minutes.",
    START,
  );
}

/** GitHub refused, for a reason that isn't the person's. @param code GitHub's name for it */
export function refusedPage(code: string): Html {
  return notice(
    "GitHub refused the sign-in",
    html`GitHub reported <code>${code}</code>, and nothing was stored. Try again. If it happens
      again, ask your bot administrator.`,
    TRY_AGAIN,
  );
}

/** GitHub didn't answer. */
export function unreachablePage(): Html {
  return notice(
    "GitHub didn't respond",
    "The bot couldn't finish your sign-in, and nothing was stored. Try again in a few minutes.",
    TRY_AGAIN,
  );
}

/** Too many people sign in at once. */
export function busyPage(): Html {
  return notice(
    "Too many people are signing in",
    "The bot couldn't finish your sign-in, and nothing was stored. Try again in a minute.",
    TRY_AGAIN,
  );
}

/** The account can't be used. @param page where what's missing is given */
export function unfitPage({ problem, page }: { problem: string; page: string | null }): Html {
  const link = page === null ? "" : html` <a href="${page}">Fix this on GitHub</a>.`;
  return notice("Your Copilot can't be used yet", html`${problem}${link} Nothing was stored.`, {
    text: "Back to your connection",
    url: "/connect",
  });
}

/** The database failed. */
export function notStoredPage(): Html {
  return notice(
    "Your connection couldn't be saved",
    "Something went wrong in the bot, and nothing was stored. Try again in a few minutes.",
    TRY_AGAIN,
  );
}

/** The form isn't one that the bot gave to this browser within the hour. @param formPath where it was sent */
export function staleFormPage(formPath: string): Html {
  return notice(
    "This form isn't valid anymore",
    "The page was open for more than an hour, or your browser blocks cookies. Open the page again.",
    { text: "Open the page again", url: pageOfForm(formPath) },
  );
}

/** @param formPath where the form was sent */
export function tooLargePage(formPath: string): Html {
  return notice("This form is too large", "The bot accepts forms of up to 48 KB.", {
    text: "Open the page again",
    url: pageOfForm(formPath),
  });
}

/** The page that has a form. */
function pageOfForm(formPath: string): string {
  const { page } = FORM.exec(formPath)?.groups ?? {};
  return page ?? "/";
}

const FORM =
  /^(?<page>\/tasks\/[\w-]{1,64}(?=\/commands$)|\/setup(?=\/labels$)|\/connect(?=\/[a-z]+$))/u;

/** What isn't there and what somebody can't read look the same. */
export function notFoundPage(): Html {
  return notice("Page not found", "There's nothing here, or nothing that you can read.", START);
}

/** @param returnTo the page that was asked for: a path of the bot's own */
export function signInPage(returnTo: string): Html {
  return notice("Sign in to see this page", "The bot shows you what you can read on GitHub.", {
    text: "Sign in with GitHub",
    url: `/sign-in?return_to=${encodeURIComponent(returnTo)}`,
  });
}

export function brokenPage(): Html {
  return notice(
    "Something went wrong",
    "The bot couldn't show this page. Its log has the details. Reload the page in a minute.",
    START,
  );
}
