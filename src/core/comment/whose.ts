import type { GitHubHosts } from "../github/hosts.ts";
import type { settingsOf } from "../github/settings-pages.ts";
import { pageLink, personLink } from "./links.ts";
import type { ProvidedChoice } from "../policy/identity-choice.ts";
import { providedAccount } from "../policy/identity-choice.ts";

/** Whose Copilot it is, in words. */
export interface Whose {
  /** At the beginning of a sentence. */
  readonly account: string;
  readonly owner: string;
  readonly token: string;
  /** How a new token gets to the bot, with these rights; a sentence. */
  readonly renewal: (pages: ReturnType<typeof settingsOf>, rights?: string) => string;
}

/** Of an account that the administrator provides; null for the default one. */
export function providedOnes(choice: ProvidedChoice | null): Whose {
  const { variable } = providedAccount(choice);
  return {
    account: "The Copilot account that the bot uses",
    owner: "The owner of the Copilot account that the bot uses",
    token: "the token that the bot uses",
    renewal: ({ accountTokens }, rights = "") =>
      `The bot's administrator: create a new token of the Copilot account${rights} in ${accountTokens}, set \`${variable}\` to it, and restart the bot.`,
  };
}

/** Of whoever asked for the session. */
export function requestersOwn(login: string, hosts: GitHubHosts): Whose {
  const person = personLink(login, hosts);
  return {
    account: `The Copilot account of ${person}`,
    owner: person,
    token: `the token of ${person}`,
    renewal: (_pages, rights) =>
      rights === undefined
        ? `${person} can ${pageLink("connect their Copilot again", hosts.connect)}.`
        : `${person} can create a new token${rights} and paste it on ${pageLink("the bot's page", hosts.connect)}.`,
  };
}
