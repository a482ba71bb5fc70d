import type { Conversion, ConvertedApp } from "./conversion.ts";
import type { Saved } from "./settings-file.ts";

/** An App whose credentials are in files. */
export interface Registered {
  readonly type: "registered";
  readonly app: ConvertedApp;
  readonly saved: Exclude<Saved, { readonly type: "unsaved" }>;
}

/** What has become of a code that GitHub sent somebody back with. */
export type Outcome =
  | Registered
  | Exclude<Conversion, { readonly type: "converted" }>
  /** The credentials are only in memory. @property why without a full stop */
  | { readonly type: "unsaved"; readonly why: string }
  /** Another code came before. */
  | { readonly type: "used" };

export interface FlowOptions {
  readonly convert: (code: string) => Promise<Conversion>;
  readonly save: (app: ConvertedApp) => Saved;
  /** Called with each outcome but `used`, once. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** How long after a failure to save it's tried again. */
  readonly retryMs?: number;
}

/** One registration: it takes codes until one has brought an App, and keeps that App's credentials until they're saved. */
export interface Flow {
  /** Exchanges a code, once: whoever sends it again gets the same outcome. */
  receive(code: string): Promise<Outcome>;
  /** Whether stopping would lose credentials, or may. */
  isBusy(): boolean;
  /** Stops trying to save. */
  close(): void;
}

const RETRY_MS = 3_000;

/** No code has come yet. */
export function createFlow(options: FlowOptions): Flow {
  const { convert, save, onOutcome, retryMs = RETRY_MS } = options;
  let current: { readonly code: string; outcome: Promise<Outcome> } | null = null;
  let isBusy = false;
  let retry: NodeJS.Timeout | undefined;

  async function exchange(code: string): Promise<Outcome> {
    const conversion = await convert(code);
    if (conversion.type === "converted") return settle(conversion.app, true);
    isBusy = false;
    current = null;
    onOutcome(conversion);
    return conversion;
  }

  function settle(app: ConvertedApp, isFirst: boolean): Outcome {
    const saved = save(app);
    if (saved.type !== "unsaved") {
      isBusy = false;
      const outcome = { type: "registered", app, saved } as const;
      onOutcome(outcome);
      return outcome;
    }
    if (isFirst) onOutcome(saved);
    retry = setTimeout(() => {
      if (current !== null) current.outcome = Promise.resolve(settle(app, false));
    }, retryMs);
    return saved;
  }

  return {
    async receive(code) {
      if (current !== null) return current.code === code ? current.outcome : { type: "used" };
      isBusy = true;
      const begun = exchange(code);
      current = { code, outcome: begun };
      return begun;
    },
    isBusy: () => isBusy,
    close: () => clearTimeout(retry),
  };
}
