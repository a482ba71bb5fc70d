/** What GitHub says of the credentials in the settings, until it has accepted each of them once. */
export interface Credentials {
  /**
   * Has GitHub asked about one of them, now and when somebody wants to know, every 5 seconds at most.
   *
   * @param variables what the administrator has to fix where GitHub refuses it
   * @param ask whether GitHub accepts it; null, or a rejection, while GitHub doesn't say
   */
  watch(variables: string, ask: () => Promise<boolean | null>): void;
  /** The variables of those that GitHub refuses, as far as it has said so. It's asked again meanwhile. */
  refused(): readonly string[];
}

interface Watched {
  readonly ask: () => Promise<boolean | null>;
  isAccepted: boolean | null;
  notBefore: number;
}

/** In milliseconds: anybody may ask whether the bot is ready, and as often as they want. */
const ASK_AGAIN_MS = 5_000;

/**
 * A bot that never could do anything isn't ready, so that a wrong key doesn't replace a bot that works. One whose
 * credentials worked once stays ready: it takes webhooks, and says in each comment what GitHub refuses.
 */
export function createCredentials(now = () => performance.now()): Credentials {
  const watched = new Map<string, Watched>();

  function look(one: Watched): void {
    if (one.isAccepted === true || now() < one.notBefore) return;
    one.notBefore = now() + ASK_AGAIN_MS;
    one.ask().then(
      (isAccepted) => {
        if (one.isAccepted !== true) one.isAccepted = isAccepted ?? one.isAccepted;
        return isAccepted;
      },
      () => null,
    );
  }

  return {
    watch(variables, ask) {
      const one = { ask, isAccepted: null, notBefore: -Infinity };
      watched.set(variables, one);
      look(one);
    },
    refused() {
      for (const one of watched.values()) look(one);
      return [...watched].filter(([, one]) => one.isAccepted === false).map(([name]) => name);
    },
  };
}
