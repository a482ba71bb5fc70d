import type { Document, ErrorCode, ParsedNode, YAMLError } from "yaml";
import { Composer, isMap, isScalar, isSeq, LineCounter, Parser } from "yaml";
import { inlineCode, plainLine } from "../text/quote.ts";
import { surveyTokens } from "./tokens.ts";

/** A place in a text. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong in a policy file, and where. The message is Markdown. */
export interface Problem extends Position {
  readonly message: string;
}

const MAX_PROBLEMS = 50;

/** Problems in the order of the text; after fifty, one that says how many more there are. */
export function listed(problems: readonly Problem[]): Problem[] {
  const sorted = problems.toSorted(
    (one, other) => one.line - other.line || one.column - other.column,
  );
  const next = sorted[MAX_PROBLEMS];
  if (next === undefined) return sorted;
  const { line, column } = next;
  const more = { line, column, message: `… and ${sorted.length - MAX_PROBLEMS} more` };
  return [...sorted.slice(0, MAX_PROBLEMS), more];
}

/** Where a setting is: its key (for an entry of a list the entry itself), and its value. */
export interface FieldPlace {
  readonly key: Position;
  readonly value: Position;
}

/** A setting's keys, from the outermost in; numbers count the entries of a list from 0. */
export type Path = readonly PropertyKey[];

/** A path as a key of a map. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** A YAML text as plain data. */
export interface YamlFile {
  /** Null for a text without anything. */
  readonly data: unknown;
  /** What is wrong beside the data, such as a key that is there twice. */
  readonly problems: readonly Problem[];
  /** By path, as `pathKey` writes it. */
  readonly places: ReadonlyMap<string, FieldPlace>;
  /** The paths at which there is an alias, whose value is not taken. */
  readonly unread: ReadonlySet<string>;
  /** Where a line and column inside a string are in the text, or null where that's unknown. */
  readonly within: (path: Path, inside: Position) => Position | null;
}

/** A text that was read, or its syntax errors. */
export type YamlReading =
  | { readonly type: "file"; readonly file: YamlFile }
  | { readonly type: "problems"; readonly problems: readonly Problem[] };

/** Reads one YAML 1.2 document without anchors, aliases and tags. Syntax errors come alone. */
export function readYaml(text: string): YamlReading {
  const lines = linesOf(text);
  const tokens = [...new Parser().parse(text)];
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const survey = surveyTokens(tokens);
  const problems = survey.remarks.map(({ offset, message }) => ({ ...at(offset), message }));
  if (survey.isHopeless) return { type: "problems", problems };
  const documents = [...new Composer(OPTIONS).compose(tokens)];
  const errors = documents.flatMap(({ errors: found }) => found);
  const syntax = errors.filter(({ code }) => !REMARKED.has(code) && code !== "DUPLICATE_KEY");
  if (syntax.length > 0) {
    return { type: "problems", problems: [...problems, ...firstOfEachLine(syntax, at)] };
  }
  for (const { pos, code } of errors) {
    if (code !== "DUPLICATE_KEY") continue;
    const key = inlineCode(plainLine(wordAt(text, pos[0]), 60));
    problems.push({ ...at(pos[0]), message: `duplicate key ${key}` });
  }
  return { type: "file", file: fileOf(text, documents[0], at, problems) };
}

const OPTIONS = {
  version: "1.2",
  schema: "core",
  stringKeys: true,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** What the survey of the tokens has reported already. */
const REMARKED: ReadonlySet<ErrorCode> = new Set([
  ...(["ALIAS_PROPS", "BAD_ALIAS", "MULTIPLE_ANCHORS", "MULTIPLE_TAGS"] as const),
  ...(["TAG_RESOLVE_FAILED", "BAD_COLLECTION_TYPE", "BAD_PROP_ORDER"] as const),
]);

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: "not an escape in YAML: in double quotes, write `\\` as `\\\\`",
  BAD_INDENT: "the indentation doesn't match the lines above, or a `]` or `}` is missing",
  BAD_SCALAR_START: "put a value that begins with this character in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "put a value with `: ` in quotes, and start a mapping or list on a new line",
  MISSING_CHAR:
    "something is missing here or above, like `:`, a comma, a bracket, a quote, or a space",
  MULTILINE_IMPLICIT_KEY: "neither `key: value` nor part of the value above",
  NON_STRING_KEY: "use a string as key, and put a value that begins with `{` in quotes",
  TAB_AS_INDENT: "YAML doesn't allow tabs for indentation: use spaces",
  UNEXPECTED_TOKEN: "unexpected here",
};

/** A mistake in YAML makes others on its line, which nobody needs to read. */
function firstOfEachLine(
  errors: readonly YAMLError[],
  at: (offset: number) => Position,
): Problem[] {
  const byLine = new Map<number, Problem>();
  for (const { pos, code } of errors) {
    const position = at(pos[0]);
    const message = `invalid YAML: ${SENTENCES[code] ?? "can't be parsed from here on"}`;
    if (!byLine.has(position.line)) byLine.set(position.line, { ...position, message });
  }
  return [...byLine.values()];
}

function wordAt(text: string, offset: number): string {
  return (
    /^(?:"[^"]*"|'[^']*'|.*?(?=\s*:(?:\s|$)))/su.exec(text.slice(offset, offset + 100))?.[0] ?? ""
  );
}

function fileOf(
  text: string,
  document: Document.Parsed | undefined,
  at: (offset: number) => Position,
  problems: Problem[],
): YamlFile {
  const places = new Map<string, FieldPlace>();
  const unread = new Set<string>();
  const nodes = new Map<string, ParsedNode>();
  const dataOf = (node: ParsedNode | null, path: Path, key: Position | null): unknown => {
    const value = node === null ? (key ?? at(0)) : at(node.range[0]);
    places.set(pathKey(path), { key: key ?? value, value });
    if (node === null) return null;
    nodes.set(pathKey(path), node);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, index) => dataOf(item, [...path, index], null));
    if (!isMap(node)) {
      unread.add(pathKey(path));
      return null;
    }
    const entries = node.items.map((pair): [string, unknown] => {
      const name = String(isScalar(pair.key) ? pair.key.value : "");
      const keyAt = at(pair.key.range[0]);
      if (name === "__proto__") problems.push({ ...keyAt, message: "unknown key `__proto__`" });
      return [name, dataOf(pair.value, [...path, name], keyAt)];
    });
    return Object.fromEntries(entries.filter(([name]) => name !== "__proto__"));
  };
  const data = dataOf(document?.contents ?? null, [], null);
  const within = (path: Path, inside: Position) => {
    const node = nodes.get(pathKey(path));
    return node === undefined ? null : positionWithin(text, node, inside, at);
  };
  return { data, problems, places, unread, within };
}

function positionWithin(
  text: string,
  node: ParsedNode,
  inside: Position,
  at: (offset: number) => Position,
): Position | null {
  if (!isScalar(node) || typeof node.value !== "string") return null;
  const start = at(node.range[0]);
  const isBlock = node.type === "BLOCK_LITERAL";
  if (!isBlock && inside.line > 1) return null;
  const line = isBlock ? start.line + inside.line : start.line;
  const inFile = text.split("\n")[line - 1]?.replace(/\r$/u, "") ?? "";
  const inValue = node.value.split("\n")[inside.line - 1] ?? "";
  const before = isBlock
    ? inFile.length - inValue.length
    : inFile.indexOf(inValue, start.column - 1);
  if (before < 0 || !inFile.startsWith(inValue, before)) return null;
  return { line, column: before + inside.column };
}

/** The parser doesn't report every line's end, e.g. none within what can't be a key. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/gu)) lines.addNewLine(index + 1);
  return lines;
}
