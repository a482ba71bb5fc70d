import type { PolicySettings } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten, inWords } from "./shown-value.ts";
import type { Settling, Tighten } from "./sources.ts";
import { asOrganizationSays, firstIn } from "./sources.ts";
import type { Files } from "./triggers.ts";
import type { IdentityChoice } from "./identity-choice.ts";
import { PROVIDED_CHOICES } from "./identity-choice.ts";

/** Sections that say something by kind, `default` for the others. */
export const BY_KIND = [
  "model",
  "reasoning_effort",
  "identity",
  "runs_on",
  "share",
  "push",
] as const satisfies readonly (keyof PolicySettings)[];

type ByKind = (typeof BY_KIND)[number];

/** How a section is settled that says something by kind. */
interface KindSettling<Value> {
  readonly said: (settings: PolicySettings) => Readonly<Record<string, Value>>;
  /** What holds where no file says anything; the kinds for which it isn't that of `default`. */
  readonly builtIn: { readonly default: Value } & Readonly<Record<string, Value>>;
  readonly tighten: Tighten<Value>;
  readonly shown: (value: Value) => ShownValue;
}

/** What a file says by kind; what it says for all kinds is its `default`. */
export function forAllKinds<Word extends string, Value>(
  said: Word | Readonly<Record<string, Word | Value>> | undefined,
): Readonly<Record<string, Word | Value>> {
  return typeof said === "string" ? { default: said } : (said ?? {});
}

/** Settles a section by kind, `default` for the others. */
export function settleEachKind<Value>(
  section: ByKind,
  files: Files,
  { settle }: Settling,
  { said, builtIn, tighten, shown }: KindSettling<Value>,
): Map<string, Value> {
  const organization = said(files.organization);
  const repository = said(files.repository);
  const kinds = [builtIn, organization, repository].flatMap((entries) => Object.keys(entries));
  return new Map(
    [...new Set(["default", ...kinds])].map((kind) => {
      // What either file says for the kind itself comes before what is said for `default`.
      const own = entryOf(organization, kind);
      const ofRepository = entryOf(repository, kind);
      const value = settle<Value>(
        [section, kind],
        {
          builtIn: entryOf(builtIn, kind) ?? builtIn.default,
          organization: own === undefined ? entryOf(organization, "default") : own,
          repository:
            ofRepository === undefined && own === undefined
              ? entryOf(repository, "default")
              : ofRepository,
        },
        tighten,
        shown,
      );
      return [kind, value];
    }),
  );
}

function entryOf<Value>(entries: Readonly<Record<string, Value>>, kind: string): Value | undefined {
  return Object.hasOwn(entries, kind) ? entries[kind] : undefined;
}

/** The model or the effort by kind; null is Copilot's own default. */
export function settleByKind(
  section: "model" | "reasoning_effort",
  files: Files,
  settling: Settling,
): Map<string, string | null> {
  return settleEachKind<string | null>(section, files, settling, {
    said: (settings) => settings[section] ?? {},
    builtIn: { default: null },
    tighten: asOrganizationSays,
    shown: showByKind,
  });
}

/** Whose Copilot sessions use, by kind; null is what the administrator has set up. */
export function settleIdentity(files: Files, settling: Settling) {
  return settleEachKind<IdentityChoice | null>("identity", files, settling, {
    said: ({ identity }) => forAllKinds<IdentityChoice, never>(identity),
    builtIn: { default: null },
    // What the administrator has set up may be an account that's provided: a person's own is tighter.
    tighten: firstIn(["requester", null, ...PROVIDED_CHOICES]),
    shown: showIdentity,
  });
}

/** Whose Copilot, for people. */
export function showIdentity(identity: IdentityChoice | null): ShownValue {
  return identity === null
    ? inWords("the requester's, if accounts can be connected; otherwise the bot's")
    : asWritten(identity);
}

/** A model or an effort, for people. */
export function showByKind(value: string | null): ShownValue {
  return value === null ? inWords("Copilot's default") : asWritten(value);
}
