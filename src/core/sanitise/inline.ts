import { safeAddress } from "./address.ts";
import { firstDoubt, firstLooseEnd, hasCertainLinks } from "./certainty.ts";
import type { Edit } from "./edit.ts";
import { readInlineTree, type InlineTree, type LinkDefinition } from "./inline-tree.ts";
import { readPlainly } from "./plain-inline.ts";
import { labelKey } from "./label.ts";
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

/** The addresses of the links that are defined in a text, by the key of their label, fit to be used. */
export type LinkDefinitions = ReadonlyMap<string, string>;

const LONGEST_ADDRESS = 500;

/** The address in a definition as it is used, which may be many times. */
export function usableAddress(address: string): string {
  const safe = address.length > LONGEST_ADDRESS ? null : safeAddress(address);
  return safe === null || safe.length > LONGEST_ADDRESS ? "data:" : safe;
}

/** Something in here is in each paragraph that hides something. */
const SUSPICIOUS = /<[A-Za-z/!?]|&[#A-Za-z0-9]+;|\]\(|\]\[|!\[|^\s*\[|\[\^/u;

/** What the parser takes its time for, by how much. */
const COSTLY = /[[\]]|[<`\\&\n]/gu;
/** As much as the parser may take in for one paragraph, and for a text in all its passes. */
const MOST = { paragraph: 1_000, text: 3_000, depth: 16 };
const LEAST_COST = 12;

const LABEL = /\[((?:[^[\]\\]|\\[^])*)\]/gu;

export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/**
 * Reads the texts of paragraphs. What a parser must look at is parsed, each text once, and only as much as
 * can be parsed in a moment: the parser takes the square of the number of marks in a paragraph. What is
 * beyond that is not told apart.
 */
export class InlineReader {
  readonly #readings = new Map<string, InlineReading>();
  readonly #trees = new Map<string, InlineTree>();
  #left = MOST.text;

  /**
   * Reads a text.
   *
   * @param mayDefine whether it may begin with definitions of links
   * @param known definitions of links in all the text
   */
  read(text: string, mayDefine: boolean, known: LinkDefinitions): InlineReading {
    const used = known.size === 0 ? "" : definitionsFor(text, known);
    const key = keyOf(text, mayDefine, used);
    const reading = this.#readings.get(key) ?? this.#read(text, mayDefine, used);
    this.#readings.set(key, reading);
    return reading;
  }

  #read(text: string, mayDefine: boolean, used: string): InlineReading {
    const { code, html, end } = readPlainly(text, mayDefine);
    const doubt = Math.min(end, firstDoubt(text.slice(0, end), code, html));
    const before = html.filter((tag) => tag.end <= doubt);
    const plain = { edits: [], html: before, code, definitions: [], references: [], end: doubt };
    if (doubt < end || (end === text.length && used === "")) return plain;
    const tree = this.#parse(text, mayDefine, used);
    if (tree !== null && isCertain(text, tree, used !== "")) return { ...tree, end: text.length };
    return used === "" ? plain : { ...plain, html: [], end: 0 };
  }

  /** Whether a paragraph is nothing but definitions of links; null when that cannot be told. */
  isDefinitions(text: string): boolean | null {
    if (!mayDefineLinks(text)) return false;
    const tree = this.#parse(text, true, "");
    return tree === null ? null : !tree.hasText;
  }

  #parse(text: string, mayDefine: boolean, definitions: string): InlineTree | null {
    const key = keyOf(text, mayDefine, definitions);
    const known = this.#trees.get(key);
    if (known !== undefined) return known;
    const cost = costOf(text + definitions);
    if (cost > Math.min(this.#left, MOST.paragraph) || !hasCertainLinks(text)) return null;
    this.#left -= cost;
    const tree = readInlineTree(text, mayDefine, definitions);
    this.#trees.set(key, tree);
    return tree;
  }
}

function keyOf(text: string, mayDefine: boolean, definitions: string): string {
  return `${mayDefine ? "p" : "c"}${definitions}\0${text}`;
}

/** Whether a paragraph may begin with the definition of a link. */
export function mayDefineLinks(text: string): boolean {
  return /^\s*\[/u.test(text) && text.includes("]:");
}

/** Whether GitHub finds the same in a text as the parser. */
function isCertain(text: string, tree: InlineTree, hasReferences: boolean): boolean {
  const { code, html, edits, resources, definitions } = tree;
  if (!tree.isCertain || firstDoubt(text, code, html) < text.length) return false;
  const known = [...code, ...html, ...edits, ...resources, ...definitions];
  return firstLooseEnd(text, known, hasReferences) === text.length;
}

function costOf(text: string): number {
  let cost = LEAST_COST + (text.length >> 6);
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
    if (address !== undefined) definitions += `\n\n[${label}]: <${address}>`;
  }
  return definitions;
}
