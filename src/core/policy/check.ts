import { BY_KIND } from "./by-kind.ts";
import type { PolicyFile } from "./read.ts";
import type { FileOwner, Settling, Sources } from "./sources.ts";
import { keyName } from "./issues.ts";
import { asWritten } from "./shown-value.ts";
import { suggestion } from "./values.ts";
import type { Path, Position, Problem } from "./yaml.ts";
import { listed, pathKey } from "./yaml.ts";

/** What is wrong only with the two files together, and whose file is to be fixed. */
export interface MergeProblem extends Problem {
  readonly of: FileOwner;
}

/** What of a policy is checked as a whole. */
interface Whole {
  readonly labels: ReadonlyMap<string, string>;
  readonly commands: ReadonlyMap<string, { readonly kind: string }>;
  readonly prompts: ReadonlyMap<string, unknown>;
  readonly labelsAfter: Readonly<Record<"running" | "failed", string | null>>;
}

type PolicyFiles = Readonly<Record<FileOwner, PolicyFile | null>>;

/**
 * The entries without those of the repository's that what the organization enforces leaves no room for:
 * a file that was right before must not be wrong because the organization tightens its own.
 */
export function withoutLost<Value extends string | { readonly kind: string }>(
  section: "labels" | "commands",
  entries: ReadonlyMap<string, Value>,
  isLost: (kind: string, name: string) => boolean,
  { sources }: Settling,
): Map<string, Value> {
  const kept = new Map(entries);
  for (const [name, value] of entries) {
    const kind = typeof value === "string" ? value : value.kind;
    if (sources.get(`${section}.${name}`)?.from !== "repository" || !isLost(kind, name)) continue;
    kept.delete(name);
    sources.set(`${section}.${name}`, {
      from: "organization",
      enforced: true,
      overruled: asWritten(kind),
    });
  }
  return kept;
}

/** What does not fit together, the organization's file first, each in the order of its text. */
export function checkTogether(policy: Whole, sources: Sources, files: PolicyFiles): MergeProblem[] {
  return (["organization", "repository"] as const).flatMap((of) => {
    const file = files[of];
    if (file === null) return [];
    const problems = [
      ...kindsWithoutPrompt(policy, sources, file, of),
      ...(of === "repository" ? rulesForNothing(policy, file) : []),
      ...labelsAtOdds(policy, sources, file, of),
    ];
    return listed(problems).map(({ line, column, message }) => ({ line, column, message, of }));
  });
}

/** Labels and commands of this file whose kind nobody has a prompt for. */
function kindsWithoutPrompt(
  { labels, commands, prompts }: Whole,
  sources: Sources,
  { settings, places }: PolicyFile,
  of: FileOwner,
): Problem[] {
  const said = [
    ...Object.keys(settings.labels ?? {}).map((label) => ({
      kind: labels.get(label.toLowerCase()),
      source: sources.get(`labels.${label.toLowerCase()}`),
      paths: [["labels", label]],
    })),
    ...Object.keys(settings.commands ?? {}).map((name) => ({
      kind: commands.get(name)?.kind,
      source: sources.get(`commands.${name}`),
      paths: [
        ["commands", name, "kind"],
        ["commands", name],
      ],
    })),
  ];
  return said.flatMap(({ kind, source, paths }) => {
    if (kind === undefined || prompts.has(kind) || source?.from !== of) return [];
    const [place] = paths.flatMap((path) => places.get(pathKey(path)) ?? []);
    return [{ ...(place?.value ?? START), message: noPrompt(kind, prompts) }];
  });
}

const START = { line: 1, column: 1 };

function noPrompt(kind: string, prompts: ReadonlyMap<string, unknown>): string {
  const advice = suggestion(kind, [...prompts.keys()]);
  return `the kind ${keyName([kind])} has no prompt in \`prompts\`: ${advice}`;
}

/** Rules of the repository's for kinds that there are not: somebody relies on them. */
function rulesForNothing({ prompts }: Whole, { settings, places }: PolicyFile): Problem[] {
  const said = (["permissions", ...BY_KIND] as const).flatMap((section) => {
    const rules = settings[section];
    return typeof rules === "object" ? Object.keys(rules).map((kind) => [section, kind]) : [];
  });
  return said.flatMap(([section = "", kind = ""]) => {
    if (kind === "default" || prompts.has(kind)) return [];
    if (Object.hasOwn(settings.prompts ?? {}, kind)) return [];
    const at = places.get(pathKey([section, kind]))?.key ?? START;
    return [{ ...at, message: noPrompt(kind, prompts) }];
  });
}

/** Labels that the bot would set and that would start tasks, or that would mean two things. */
function labelsAtOdds(
  { labels, labelsAfter }: Whole,
  sources: Sources,
  file: PolicyFile,
  of: FileOwner,
): Problem[] {
  const running = labelsAfter.running?.toLowerCase();
  return (["running", "failed"] as const).flatMap((name) => {
    const label = labelsAfter[name];
    if (label === null) return [];
    const setting = ["labels_after", name];
    if (labels.has(label.toLowerCase())) {
      const trigger = Object.keys(file.settings.labels ?? {}).find(
        (one) => one.toLowerCase() === label.toLowerCase(),
      );
      const message = `the bot would add ${keyName([label])} itself (${keyName(setting)}), but this label starts tasks: choose another label`;
      return whoSaid(sources, [setting, ["labels", label.toLowerCase()]]) === of
        ? [{ ...placeOf(file, [setting, ["labels", trigger ?? ""]]), message }]
        : [];
    }
    if (name === "running" || label.toLowerCase() !== running) return [];
    const both = [setting, ["labels_after", "running"]];
    const message = `${keyName(setting)} is the same label as \`labels_after.running\`: choose another label`;
    return whoSaid(sources, both) === of ? [{ ...placeOf(file, both), message }] : [];
  });
}

/** The repository's file if it said any of the settings, else the organization's. */
function whoSaid(sources: Sources, settings: readonly Path[]): FileOwner {
  const said = settings.map((setting) => sources.get(setting.join("."))?.from);
  return said.includes("repository") ? "repository" : "organization";
}

function placeOf({ places }: PolicyFile, settings: readonly Path[]): Position {
  const [place] = settings.flatMap((setting) => places.get(pathKey(setting)) ?? []);
  return place?.value ?? START;
}
