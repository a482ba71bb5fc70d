import { readFileSync } from "node:fs";
import { askedByApp } from "../../../script/lib/registration/manifest.ts";
import { nextSteps } from "../../../script/lib/registration/next-steps.ts";
import type { StartPageView } from "../../../script/lib/registration/pages.ts";
import {
  canceledPage,
  donePage,
  expiredPage,
  failedPage,
  noPage,
  startPage,
  unsavedPage,
  usedPage,
  wrongStatePage,
} from "../../../script/lib/registration/pages.ts";
import type { Saved } from "../../../script/lib/registration/settings-file.ts";
import { APP } from "./app.ts";

const ADDRESSES = { webhooks: "https://bot.example.com", publicUrl: "https://bot.example.com" };
const WEB = "https://github.com";

const START: StartPageView = {
  asked: askedByApp(readFileSync("app.yml", "utf8")),
  name: "copilot-task-bot",
  organization: null,
  web: WEB,
  addresses: ADDRESSES,
  action: `${WEB}/settings/apps/new?state=0123456789`,
  manifest: "{}",
};

const FILES = {
  file: "/home/octocat/copilot-task-bot/.env",
  keyFile: "/home/octocat/copilot-task-bot/private-key.pem",
};
const LONG = "/home/octocat/copilot-task-bot/.env.registered-AbCdEf";
const ELSEWHERE: Saved = {
  type: "elsewhere",
  file: `${LONG}/.env`,
  keyFile: `${LONG}/private-key.pem`,
  why: "it has got APP_ID, WEBHOOK_SECRET meanwhile",
};

const PROGRAMS = { server: "script/server", doctor: "script/doctor" };
const STEPS = nextSteps(APP, ADDRESSES, PROGRAMS, false);

/** The pages of script/register. */
export const REGISTRATION_EXAMPLES = [
  { name: "register", html: startPage(START) },
  {
    name: "register-organization",
    html: startPage({
      ...START,
      name: "a-name-as-long-as-GitHub-takes-one",
      organization: "an-organization-with-a-rather-long-name",
      web: "https://github.subsidiary.example.com",
      addresses: {
        webhooks: "https://hooks.subsidiary.example.com/teams/platform/copilot-task-bot",
        publicUrl: "https://copilot-task-bot.subsidiary.example.com",
      },
    }),
  },
  {
    name: "registered",
    html: donePage({ app: APP, saved: { type: "saved", ...FILES }, steps: STEPS }),
  },
  {
    name: "registered-elsewhere",
    html: donePage({
      app: APP,
      saved: ELSEWHERE,
      steps: nextSteps({ ...APP, webhookSecret: null }, ADDRESSES, PROGRAMS, true),
    }),
  },
  { name: "register-unsaved", html: unsavedPage("the disk is full") },
  { name: "register-failed", html: failedPage("getaddrinfo ENOTFOUND api.github.com") },
  { name: "register-expired", html: expiredPage("/start", `${WEB}/settings/apps`) },
  { name: "register-canceled", html: canceledPage("/start") },
  { name: "register-wrong-state", html: wrongStatePage("/start") },
  { name: "register-used", html: usedPage() },
  { name: "register-no-page", html: noPage() },
] as const;
