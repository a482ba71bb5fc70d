import { plainLine } from "../../../src/core/text/quote.ts";
import type { Outcome, Registered } from "./flow.ts";
import type { ConvertedApp } from "./conversion.ts";
import type { Step } from "./next-steps.ts";
import { stepLines } from "./next-steps.ts";

const MAX_NAME = 100;

export interface Invitation {
  /** The first page. */
  readonly url: string;
  readonly organization: string | null;
  /** GitHub as an origin. */
  readonly web: string;
}

/** How to go on, when the page is there. */
export function invitationLines({ url, organization, web }: Invitation): readonly string[] {
  const owner = organization === null ? "your account" : organization;
  return [
    `To register the App for ${owner} on ${new URL(web).host}, open this page in a browser on this machine:`,
    "",
    `  ${url}`,
    "",
    "Waiting for GitHub's answer. Press Ctrl-C to stop.",
  ];
}

/** What the page says of GitHub's answer, for those who don't see it. No secret is in it. */
export function outcomeLines(
  outcome: Outcome,
  stepsAfter: (app: ConvertedApp) => readonly Step[],
): readonly string[] {
  switch (outcome.type) {
    case "registered":
      return registeredLines(outcome, stepsAfter(outcome.app));
    case "unsaved":
      return [
        `The App is registered, but its settings couldn't be written: ${outcome.why}.`,
        "GitHub doesn't show its secrets again. Make room, or make the directory writable: this is tried again every few seconds. Ctrl-C loses them.",
      ];
    case "failed":
      return [
        `GitHub didn't respond: ${outcome.why}. Check the network, and reload the page within an hour: the App is registered, but its secrets are still at GitHub.`,
      ];
    case "expired":
      return [
        "GitHub doesn't accept this code anymore: it works once, within an hour. Open the page above again.",
      ];
    default:
      return [];
  }
}

function registeredLines({ app, saved }: Registered, steps: readonly Step[]): readonly string[] {
  const { name, owner, url } = app;
  const whose = owner === "" ? "" : ` for ${plainLine(owner, MAX_NAME)}`;
  const files = `${saved.file} and ${saved.keyFile}`;
  const written =
    saved.type === "saved"
      ? [`Its settings and its key are in ${files}. Only you can read them.`]
      : [
          `Its settings couldn't be written to .env: ${saved.why}. They're in ${files} instead. Only you can read them.`,
          "GitHub doesn't show these secrets again. Copy the settings to .env, and move the key beside it.",
        ];
  return [
    "",
    `GitHub registered ${plainLine(name, MAX_NAME)}${whose}: ${url}`,
    ...written,
    "",
    "What's left to do:",
    "",
    ...stepLines(steps),
  ];
}
