/**
 * How a person's token came to the bot: `app` (`ghu_`, the user authorization of the GitHub App, which expires and is
 * refreshed), `oauth_app` (`gho_`, an OAuth App that the administrator names, which doesn't expire), or `personal`
 * (`github_pat_`, pasted by the person).
 */
export type TokenKind = "app" | "oauth_app" | "personal";

/** Somebody on this GitHub. The id is what counts: logins change hands. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** What a token's Copilot may do, as Copilot's own look-up says; null where it doesn't say. */
export interface CopilotRights {
  /** e.g. `individual_pro`, `business`. */
  readonly plan: string | null;
  /** Whether it may create cloud sessions. */
  readonly cloudSessions: boolean | null;
  /** Whether its sessions may be seen and steered through Mission Control. */
  readonly remoteControl: boolean | null;
}

/** That a person has connected their Copilot: everything but the tokens. Times are ISO 8601 in UTC. */
export interface Connection {
  readonly person: Person;
  readonly kind: TokenKind;
  readonly rights: CopilotRights;
  readonly connectedAt: string;
  /** When the token ends; null when it doesn't. */
  readonly expiresAt: string | null;
}

/** The secrets of a connection. */
export interface ConnectionTokens {
  readonly token: string;
  /** Null where the token isn't refreshed. */
  readonly refreshToken: string | null;
}

/** How many people have connected their Copilot. */
export interface ConnectionCount {
  readonly connected: number;
  /** Those who have to connect again. */
  readonly ended: number;
}

/** Where GitHub sends people back to, below the bot's public address. */
export const CALLBACK_PATH = "/oauth/callback";
/** Where GitHub sends people who have installed the App, or changed where it's installed. */
export const SETUP_PATH = "/setup";
