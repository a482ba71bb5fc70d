import { BUILT_IN_PROMPTS } from "./built-in-prompts.ts";
import { BUILT_IN_LABELS } from "./built-in-labels.ts";
import { BUILT_IN_COMMANDS } from "../command/built-in.ts";
import type { PolicySettings, Section } from "./schema.ts";
import type { ShownValue } from "./shown-value.ts";
import { asWritten, inWords } from "./shown-value.ts";
import type { FileOwner, Said, Settling, Tighten } from "./sources.ts";
import { asBefore } from "./sources.ts";

/** What a command does, and what the help says of it. */
export interface PolicyCommand {
  readonly kind: string;
  readonly description: string;
  readonly example: string;
}

/** Where the prompt template of a kind is. A path is in the repository whose file names it. */
export type PromptSource =
  | { readonly type: "built in" }
  | { readonly type: "inline"; readonly of: FileOwner; readonly template: string }
  | { readonly type: "path"; readonly of: FileOwner; readonly path: string };

/** The settings of the two files; what a missing file says is nothing. */
export interface Files {
  readonly organization: PolicySettings;
  readonly repository: PolicySettings;
}

/** Which label starts which kind, by label in small letters. */
export function settleLabels(files: Files, settling: Settling): Map<string, string> {
  const layers = {
    builtIn: BUILT_IN_LABELS,
    organization: inSmallLetters(files.organization.labels),
    repository: inSmallLetters(files.repository.labels),
  };
  return settleEntries("labels", layers, settling, keptOrTakenAway, asWritten);
}

/** Which command starts which kind, by name. */
export function settleCommands(files: Files, settling: Settling): Map<string, PolicyCommand> {
  const organization = commandsOf(files.organization.commands, BUILT_IN_COMMANDS);
  const inherited = new Map([...BUILT_IN_COMMANDS, ...organization]);
  const repository = commandsOf(files.repository.commands, inherited);
  const layers = { builtIn: BUILT_IN_COMMANDS, organization, repository };
  return settleEntries("commands", layers, settling, keptOrTakenAway, showCommand);
}

/** Where each kind's prompt is. */
export function settlePrompts(files: Files, settling: Settling): Map<string, PromptSource> {
  const layers = {
    builtIn: new Map<string, PromptSource>(
      [...BUILT_IN_PROMPTS.keys()].map((kind) => [kind, { type: "built in" }]),
    ),
    organization: promptsOf(files.organization.prompts, "organization"),
    repository: promptsOf(files.repository.prompts, "repository"),
  };
  return settleEntries("prompts", layers, settling, asBefore, showPrompt);
}

/** A command in words. */
export function showCommand({ kind, description }: PolicyCommand): ShownValue {
  return { type: "command", kind, description };
}

/** Where a prompt is, in words. */
export function showPrompt(prompt: PromptSource): ShownValue {
  if (prompt.type === "built in") return inWords("built in");
  if (prompt.type === "path") return asWritten(prompt.path);
  return inWords(`a template of ${prompt.template.length} characters`);
}

/** Null takes an entry away. */
type Entries<Value> = ReadonlyMap<string, Value | null>;

function settleEntries<Value>(
  section: Section,
  layers: Readonly<Record<keyof Said<unknown>, Entries<Value>>>,
  settling: Settling,
  tighten: Tighten<Value | null>,
  shown: (value: Value) => ShownValue,
): Map<string, Value> {
  const { builtIn, organization, repository } = layers;
  const names = new Set([...builtIn.keys(), ...organization.keys(), ...repository.keys()]);
  const settled = [...names].map((name): [string, Value | null] => {
    const said = {
      builtIn: builtIn.get(name) ?? null,
      organization: organization.get(name),
      repository: repository.get(name),
    };
    const show = (value: Value | null) => (value === null ? asWritten("null") : shown(value));
    return [name, settling.settle([section, name], said, tighten, show)];
  });
  return new Map(
    settled.flatMap(([name, value]): [string, Value][] => (value === null ? [] : [[name, value]])),
  );
}

/** A repository can take away what there is, and neither add nor change anything. */
function keptOrTakenAway<Value>(
  organization: Value | null,
  repository: Value | null,
): Value | null {
  return repository === null ? null : organization;
}

function inSmallLetters(labels: PolicySettings["labels"] = {}): Entries<string> {
  return new Map(Object.entries(labels).map(([label, kind]) => [label.toLowerCase(), kind]));
}

/** What a file does not say of a command is as before, if the command starts the same kind. */
function commandsOf(
  commands: PolicySettings["commands"] = {},
  inherited: Entries<PolicyCommand>,
): Entries<PolicyCommand> {
  return new Map(
    Object.entries(commands).map(([name, said]) => {
      if (said === null) return [name, null];
      const { kind, description, example } = typeof said === "string" ? { kind: said } : said;
      const before = inherited.get(name);
      const same = before?.kind === kind ? before : null;
      const command = {
        kind,
        description: description ?? same?.description ?? `Starts a task of the kind ${kind}.`,
        example: example ?? same?.example ?? `/copilot ${name}`,
      };
      return [name, command];
    }),
  );
}

function promptsOf(prompts: PolicySettings["prompts"] = {}, of: FileOwner): Entries<PromptSource> {
  return new Map(
    Object.entries(prompts).map(([kind, said]) => [
      kind,
      typeof said === "string"
        ? { type: "inline", of, template: said }
        : { type: "path", of, path: said.path },
    ]),
  );
}
