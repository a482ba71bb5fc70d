import type { Link } from "../../../src/web/pages/document.ts";
import type { ConvertedApp } from "./conversion.ts";
import type { Addresses } from "./manifest.ts";
import { registeredAddresses } from "./manifest.ts";

/** What's left to do, for the page and for the terminal. */
export interface Step {
  readonly title: string;
  /** With code in backticks. */
  readonly text: string;
  /** Where it's done; null where that's nowhere on the web. */
  readonly link: Link | null;
}

/** How people call the bot and its programs. */
export interface Programs {
  /** E.g. `script/server`. */
  readonly server: string;
  readonly doctor: string;
}

/** The steps after a registration, in the order of the README. @param isSelfHosted whether it's for sessions on own machines */
export function nextSteps(
  app: ConvertedApp,
  addresses: Addresses,
  { server, doctor }: Programs,
  isSelfHosted: boolean,
): readonly Step[] {
  return [
    ...(app.webhookSecret === null ? [webhookSecret(app)] : []),
    {
      title: "Choose whose Copilot the sessions use",
      text: "If everyone uses their own, there's nothing to do: the bot asks people to connect it. To use one account for all, set `COPILOT_GITHUB_TOKEN` in `.env`, and remove `GITHUB_CLIENT_ID`, `GITHUB_CLIENT_SECRET`, `PUBLIC_URL`, and `ENCRYPTION_KEYS`.",
      link: null,
    },
    ...(isSelfHosted ? [OWN_MACHINES] : []),
    {
      title: "Start the bot",
      text: `Run \`${server}\`. It listens on port 3000: have your load balancer or proxy forward \`${addresses.webhooks}\` to it.`,
      link: null,
    },
    {
      title: "Check it",
      text: `Run \`${doctor}\`. Until the App is installed, it warns about that.`,
      link: null,
    },
    {
      title: "Install the App on your repositories",
      text: `If people connect their Copilot, GitHub then opens \`${registeredAddresses(addresses).setup}\`, where the bot shows what's still missing.`,
      link: { text: "Install the App", url: `${app.url}/installations/new` },
    },
    {
      title: "Try it",
      text: "In an issue of such a repository, comment `/copilot triage`.",
      link: null,
    },
  ];
}

const OWN_MACHINES: Step = {
  title: "Allow sessions on your own machines",
  text: "Set `SELF_HOSTED=on` and `SELF_HOSTED_REPOSITORIES` in `.env`, and install what docs/self-hosted.md lists. Then the policy says which sessions run there.",
  link: null,
};

function webhookSecret({ url }: ConvertedApp): Step {
  return {
    title: "Set a webhook secret",
    text: "GitHub made none. Set one on the App's settings page, and as `WEBHOOK_SECRET` in `.env`.",
    link: { text: "Open the App's page", url },
  };
}

/** The steps as lines for the terminal. */
export function stepLines(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ title, text, link }, index) => [
    `${index + 1}. ${title}${link === null ? "" : `: ${link.url}`}`,
    `   ${text.replaceAll("`", "")}`,
  ]);
}
