import { safeAddress } from "./address.ts";
import type { Edit } from "./edit.ts";
import { readInlineTree, type InlineTree, type LinkDefinition } from "./inline-tree.ts";
import { readPlainly } from "./plain-inline.ts";
import type { Span } from "./span.ts";

/** What GitHub shows of a paragraph's text otherwise than as it is written. Offsets are those of the text. */
export interface InlineReading {
  readonly edits: readonly Edit[];
  readonly html: readonly Span[];
  readonly code: readonly Span[];
  readonly definitions: readonly LinkDefinition[];
  /** The labels by which links and images refer to definitions. */
  readonly references: readonly string[];
  /** From here on nothing can be told; the text's length if everything can. */
  readonly end: number;
}

/** Where the links lead that are defined in a text, by the key of their label. */
export type LinkDefinitions = ReadonlyMap<string, string>;

/** Something in here is in each paragraph that hides something. */
const SUSPICIOUS = /[<&]|\]\(|\]\[|!\[|^\s*\[|\[\^/u;

/** What the parser takes its time for, by how much. */
const COSTLY = /[[\]]|[<`\\&\n]/gu;
/** As much as the parser may take in for one paragraph, and for a text in all its passes. */
const MOST = { paragraph: 1_000, text: 4_000, depth: 16 };
const LEAST_COST = 8;

/** A second backslash, and then a quote: cmark-gfm may take the quote for a part of a link's title. */
const UNCERTAIN_TITLE = /\\\\["')]/u;
/** What stands where a link's address would, and what follows it. */
const ADDRESS = /\][(:]\s*(?<address>[^\s<]\S*)(?:\s*$|\s*\n|\s+["'()])/gu;

const LABEL = /\[((?:[^[\]\\]|\\[^])*)\]/gu;

/** The form of a label by which links find their definitions; no two that GitHub takes for one differ in it. */
export function labelKey(label: string): string {
  if (/^[a-z0-9-]+$/u.test(label)) return label;
  return label.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase().replaceAll(/\s+/gu, "");
}

export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/**
 * Reads the texts of paragraphs. What a parser must look at is parsed, each text once, and only as much as
 * can be parsed in a moment: the parser takes the square of the number of marks in a paragraph. What is
 * beyond that is not told apart.
 */
export class InlineReader {
  readonly #trees = new Map<string, InlineTree | null>();
  #left = MOST.text;

  read(text: string, known: LinkDefinitions): InlineReading {
    const used = known.size === 0 ? "" : definitionsFor(text, known);
    const plain = readPlainly(text);
    const nothing = { edits: [], html: [], definitions: [], references: [], ...plain };
    if (plain.end === text.length && used === "") return nothing;
    const tree = this.#parse(text, used);
    if (tree === null || !tree.isCertain) return { ...nothing, end: used === "" ? plain.end : 0 };
    return { ...tree, end: text.length };
  }

  /** Whether a paragraph is nothing but definitions of links; null when that cannot be told. */
  isDefinitions(text: string): boolean | null {
    if (!mayDefine(text)) return false;
    const tree = this.#parse(text, "");
    return tree === null ? null : !tree.hasText;
  }

  #parse(text: string, definitions: string): InlineTree | null {
    const key = `${text}${definitions}`;
    const known = this.#trees.get(key);
    if (known !== undefined) return known;
    const cost = costOf(key);
    if (cost > Math.min(this.#left, MOST.paragraph) || !isCertain(text)) return null;
    this.#left -= cost;
    const tree = readInlineTree(text, definitions);
    this.#trees.set(key, tree);
    return tree;
  }
}

/** Whether a paragraph may begin with the definition of a link. */
export function mayDefine(text: string): boolean {
  return /^\s*\[/u.test(text) && text.includes("]:");
}

/** Whether the parser and cmark-gfm find the same links: they differ in parentheses that do not close. */
function isCertain(text: string): boolean {
  if (UNCERTAIN_TITLE.test(text)) return false;
  const addresses = text.matchAll(ADDRESS);
  return addresses.every(({ groups }) => !leavesOpen(groups?.["address"] ?? ""));
}

function leavesOpen(address: string): boolean {
  let open = 0;
  for (const [mark] of address.replaceAll(/\\[!-/:-@[-`{-~]/gu, "").matchAll(/[()]/gu)) {
    if (mark === "(") open += 1;
    else if (open > 0) open -= 1;
    else return false;
  }
  return open > 0;
}

function costOf(text: string): number {
  let cost = LEAST_COST;
  let depth = 0;
  for (const [mark] of text.matchAll(COSTLY)) {
    cost += mark === "[" || mark === "]" ? 3 : 1;
    if (mark === "[") depth += 1;
    if (mark === "]") depth = Math.max(0, depth - 1);
    if (depth > MOST.depth) return Number.POSITIVE_INFINITY;
  }
  return cost;
}

/** Definitions, in Markdown, of the labels in a text that are defined somewhere. */
function definitionsFor(text: string, known: LinkDefinitions): string {
  const labels = new Set<string>();
  for (const [, label] of text.matchAll(LABEL)) if (label !== undefined) labels.add(label);
  let definitions = "";
  for (const label of labels) {
    const address = known.get(labelKey(label));
    if (address === undefined) continue;
    definitions += `\n\n[${label}]: <${safeAddress(address) ?? "data:"}>`;
  }
  return definitions;
}
