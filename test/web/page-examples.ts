import type { Connection, Person } from "../../src/core/identity/connection.ts";
import type { Html } from "../../src/web/pages/document.ts";
import { accountPage, visitorPage } from "../../src/web/pages/account.ts";
import { signedOutHomePage } from "../../src/web/pages/home.ts";
import {
  deniedPage,
  notFoundPage,
  notSignedInPage,
  refusedPage,
  signInPage,
  refusedTokenPage,
  staleFormPage,
  staleSignInPage,
  unfitPage,
  unreachablePage,
  viewerUnreachablePage,
} from "../../src/web/pages/problems.ts";
import {
  continuedPage,
  notWaitingPage,
  otherAccountPage,
  signInForTaskPage,
  stillWaitingPage,
  unknownTaskPage,
} from "../../src/web/pages/task.ts";
import type { PageViewer } from "../../src/web/pages/site-page.ts";
import { REGISTRATION_EXAMPLES } from "../script/registration/page-examples.ts";
import { OCTOCAT, RIGHTS, WRITER } from "./github.ts";
import { PICTURE_EXAMPLES } from "./picture-examples.ts";
import { REPORT_EXAMPLES } from "./report-examples.ts";
import { SITE_EXAMPLES } from "./site-examples.ts";
import { TASK_ID, WAITING } from "./world.ts";

/** A state of the bot's pages, to be looked at. */
interface PageExample {
  readonly name: string;
  readonly html: Html;
}

const FORM_TOKEN = "0123456789abcdef0123456789abcdef0123456789a";
const TOKEN_PAGE = "https://github.com/settings/personal-access-tokens/new";

const CONNECTION: Connection = {
  person: OCTOCAT,
  kind: "app",
  rights: RIGHTS,
  connectedAt: "2026-11-30T06:00:00.000Z",
  expiresAt: "2026-11-30T14:00:00.000Z",
};

/** As long as logins get, here and of enterprises with managed users. */
const LONG: Person = { id: 2_147_483_647, login: `${"a-long-login".repeat(3)}-39_octocorp` };

const VIEWER: PageViewer = { login: OCTOCAT.login, formToken: FORM_TOKEN, isAdmin: false };
const ACCOUNT = { viewer: VIEWER, tokenPage: TOKEN_PAGE };

const IP_PROBLEM = "Your organization has an IP allow list, and the bot's address isn't on it.";

/** Every page that people see. */
export const PAGE_EXAMPLES: readonly PageExample[] = [
  { name: "visitor", html: visitorPage(FORM_TOKEN) },
  { name: "connected", html: accountPage({ ...ACCOUNT, connection: CONNECTION }) },
  {
    name: "connected-personal",
    html: accountPage({
      ...ACCOUNT,
      viewer: { ...VIEWER, login: LONG.login },
      connection: {
        ...CONNECTION,
        person: LONG,
        kind: "personal",
        rights: { plan: null, cloudSessions: null, remoteControl: false },
        expiresAt: null,
      },
    }),
  },
  { name: "unconnected", html: accountPage({ ...ACCOUNT, connection: null }) },
  {
    name: "wrong-token",
    html: accountPage({
      ...ACCOUNT,
      connection: null,
      tokenProblem: {
        problem: "It lacks the permission “Copilot Requests”.",
        page: "https://github.com/settings/personal-access-tokens",
      },
    }),
  },
  { name: "task-continues", html: continuedPage(WAITING) },
  { name: "task-not-waiting", html: notWaitingPage(WAITING) },
  { name: "task-waiting", html: stillWaitingPage(WAITING) },
  { name: "other-account", html: otherAccountPage(WAITING, WRITER) },
  { name: "unknown-task", html: unknownTaskPage() },
  { name: "sign-in-for-task", html: signInForTaskPage(TASK_ID) },
  { name: "stale-sign-in", html: staleSignInPage() },
  { name: "denied", html: deniedPage("connect") },
  { name: "denied-sign-in", html: deniedPage("sign_in") },
  { name: "not-signed-in", html: notSignedInPage({ problem: IP_PROBLEM, page: null }) },
  { name: "refused-token", html: refusedTokenPage() },
  { name: "viewer-unreachable", html: viewerUnreachablePage() },
  { name: "signed-out-home", html: signedOutHomePage() },
  { name: "refused", html: refusedPage("redirect_uri_mismatch") },
  { name: "unreachable", html: unreachablePage() },
  {
    name: "unfit",
    html: unfitPage({
      problem: "Your account has no Copilot plan.",
      page: "https://github.com/settings/copilot/features",
    }),
  },
  { name: "stale-form", html: staleFormPage("/tasks/1/commands") },
  { name: "not-found", html: notFoundPage() },
  { name: "sign-in", html: signInPage("/tasks/1?a=b") },
  ...SITE_EXAMPLES,
  ...REPORT_EXAMPLES,
  ...PICTURE_EXAMPLES,
  ...REGISTRATION_EXAMPLES,
];
