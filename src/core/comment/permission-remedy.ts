import type { PermissionCause } from "../github/ungranted-permission.ts";
import type { SettingsPlace, settingsOf } from "../github/settings-pages.ts";

interface Circumstances {
  readonly place: SettingsPlace;
  readonly pages: ReturnType<typeof settingsOf>;
}

interface Meaning {
  readonly sentence: string;
  readonly remedy: string;
}

const accepting = ({ place: { owner }, pages }: Circumstances) =>
  `${pages.isPerson ? owner : `An owner of ${owner}`} can accept it in ${pages.apps}.`;

/** @param name as GitHub's pages show it */
function notAsked(name: string, does: string): (circumstances: Circumstances) => Meaning {
  return (circumstances) => ({
    sentence: `The bot's GitHub App lacks the permission **${name}: Read and write**, which it needs to ${does}.`,
    remedy: `The App's owner can set it under **Permissions & events** in the App's settings; \`script/doctor\` shows the address. Then ${uncapitalized(accepting(circumstances))}`,
  });
}

function notAccepted(name: string, does: string): (circumstances: Circumstances) => Meaning {
  return (circumstances) => ({
    sentence: `${circumstances.place.owner} hasn't accepted the permission **${name}: Read and write** of the bot's GitHub App, which needs it to ${does}.`,
    remedy: accepting(circumstances),
  });
}

const PUSH = "fetch and push commits";
const OPEN = "open pull requests";

/** What it means where it isn't known which permission is missing, or whether one is. */
export const PERMISSION_FAILURES = {
  app_not_permitted({ place: { owner, repository }, pages }: Circumstances): Meaning {
    return {
      sentence:
        "GitHub doesn't let the bot's App do this: the App is no longer installed on this repository, or lacks a permission.",
      remedy: `${pages.isPerson ? owner : `An owner of ${owner}`} can add ${repository} to the App's repositories, or accept its permissions, in ${pages.apps}.`,
    };
  },
} as const;

/** What a permission that's missing means. */
export const PERMISSION_CAUSES: Readonly<
  Record<PermissionCause, (circumstances: Circumstances) => Meaning>
> = {
  app_contents: notAsked("Contents", PUSH),
  account_contents: notAccepted("Contents", PUSH),
  app_pull_requests: notAsked("Pull requests", OPEN),
  account_pull_requests: notAccepted("Pull requests", OPEN),
};

/** An account's name stays as it is. */
function uncapitalized(sentence: string): string {
  return sentence.replace(/^An /u, "an ");
}
