import type { PolicySettings } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten, inWords } from "./shown-value.ts";
import type { Settling, Tighten } from "./sources.ts";
import { asOrganizationSays, firstIn } from "./sources.ts";
import type { Files } from "./triggers.ts";

/** Sections that say something by kind, `default` for the others. */
type ByKind = "model" | "reasoning_effort" | "identity";

type ValueByKind<Name extends ByKind> = Name extends "identity" ? "requester" | "bot" : string;

/** What a file says by kind; what it says for all kinds is its `default`. */
function entriesByKind<Name extends ByKind>(
  settings: PolicySettings,
  section: Name,
): Readonly<Record<string, ValueByKind<Name> | null>> {
  const said = settings[section] ?? {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema has exactly these values
  return (typeof said === "string" ? { default: said } : said) as Record<string, ValueByKind<Name>>;
}

interface KindSettling<Value> {
  readonly tighten: Tighten<Value>;
  readonly shown: (value: Value) => ShownValue;
}

/** By kind, `default` for the others; null is nobody's own choice. */
function settleEntries<Name extends ByKind>(
  section: Name,
  files: Files,
  { settle }: Settling,
  { tighten, shown }: KindSettling<ValueByKind<Name> | null>,
): Map<string, ValueByKind<Name> | null> {
  const organization = entriesByKind(files.organization, section);
  const repository = entriesByKind(files.repository, section);
  const said = (entries: typeof organization, kind: string) =>
    Object.hasOwn(entries, kind) ? entries[kind] : undefined;
  const kinds = [organization, repository].flatMap((entries) => Object.keys(entries));
  return new Map(
    [...new Set(["default", ...kinds])].map((kind) => {
      // What either file says for the kind itself comes before what is said for `default`.
      const own = said(organization, kind);
      const ofRepository = said(repository, kind);
      const value = settle<ValueByKind<Name> | null>(
        [section, kind],
        {
          builtIn: null,
          organization: own === undefined ? said(organization, "default") : own,
          repository:
            ofRepository === undefined && own === undefined
              ? said(repository, "default")
              : ofRepository,
        },
        tighten,
        shown,
      );
      return [kind, value];
    }),
  );
}

/** The model or the effort by kind; null is Copilot's own default. */
export function settleByKind(
  section: "model" | "reasoning_effort",
  files: Files,
  settling: Settling,
): Map<string, string | null> {
  return settleEntries(section, files, settling, {
    tighten: asOrganizationSays,
    shown: showByKind,
  });
}

/** Whose Copilot sessions use, by kind; null is what the administrator has set up. */
export function settleIdentity(files: Files, settling: Settling) {
  return settleEntries("identity", files, settling, {
    // What the administrator has set up may be the bot's account: a person's own is tighter.
    tighten: firstIn(["requester", null, "bot"]),
    shown: showIdentity,
  });
}

/** Whose Copilot, for people. */
export function showIdentity(identity: "requester" | "bot" | null): ShownValue {
  return identity === null
    ? inWords("the requester's, if accounts can be connected; otherwise the bot's")
    : asWritten(identity);
}

/** A model or an effort, for people. */
export function showByKind(value: string | null): ShownValue {
  return value === null ? inWords("Copilot's default") : asWritten(value);
}
