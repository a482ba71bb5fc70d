/** An account of the administrator's whose Copilot sessions can use. */
interface ProvidedAccount {
  /** The setting with its token. */
  readonly variable: string;
  /** Whose it is, for people; within a sentence. */
  readonly account: string;
  /** What the policy's schema says of it. */
  readonly meaning: string;
}

/** The accounts that the administrator can provide, by their names in the policy; the tightest first. */
export const PROVIDED_ACCOUNTS = {
  bot: {
    variable: "COPILOT_GITHUB_TOKEN",
    account: "the bot's account",
    meaning: "the account that the administrator of the bot provides",
  },
} as const satisfies Readonly<Record<string, ProvidedAccount>>;

/** The name of such an account. */
export type ProvidedChoice = keyof typeof PROVIDED_ACCOUNTS;

/** Whose Copilot a session uses: its requester's own, or that of an account that's provided. */
export type IdentityChoice = "requester" | ProvidedChoice;

/** The account that sessions use where nothing is chosen. */
export const DEFAULT_ACCOUNT: ProvidedChoice = "bot";

/** The names of the accounts. */
export const PROVIDED_CHOICES = Object.keys(PROVIDED_ACCOUNTS).filter((name) =>
  isProvidedChoice(name),
);

function isProvidedChoice(name: string): name is ProvidedChoice {
  return Object.hasOwn(PROVIDED_ACCOUNTS, name);
}

/** An account by its name; the default one where a task names one that isn't in the table anymore. */
export function providedAccount(name: string | null): ProvidedAccount {
  return PROVIDED_ACCOUNTS[name !== null && isProvidedChoice(name) ? name : DEFAULT_ACCOUNT];
}

/** The settings with their tokens. */
export const PROVIDED_TOKENS = PROVIDED_CHOICES.map((name) => PROVIDED_ACCOUNTS[name].variable);

/** All choices, the tightest first: with a person's own, nobody else's quota is spent. */
export const IDENTITY_CHOICES: readonly ["requester", ...ProvidedChoice[]] = [
  "requester",
  ...PROVIDED_CHOICES,
];
