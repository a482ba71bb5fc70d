import type { Heading, Html, Nodes, Paragraph, Root, Table } from "mdast";
import type { Candidate, Found, Span } from "./candidate.ts";
import type { Inside } from "./elements.ts";
import { Elements } from "./elements.ts";
import type { CommandLine } from "./line.ts";
import { readCommandLine } from "./line.ts";
import { readAround } from "./around.ts";
import type { BotMention } from "./mention.ts";
import type { Misplacement } from "./misplaced.ts";
import { ParagraphContent } from "./paragraph.ts";

/** More than these are not looked at. */
const MAX_CANDIDATES = 200;

/**
 * Looks for commands in a text that was parsed.
 *
 * @param mention what counts as `/copilot` too, if anything
 */
export function findCandidates(tree: Root, text: string, mention: BotMention | null): Found {
  const search = new Search(text, mention);
  search.visit(tree, null);
  return search.found();
}

/** What a block is part of. */
type Part = "list" | "quote" | "footnote" | null;

const PARTS = new Map<Nodes["type"], Part>([
  ["list", "list"],
  ["listItem", "list"],
  ["blockquote", "quote"],
  ["footnoteDefinition", "footnote"],
]);

interface Marked {
  readonly candidate: Candidate;
  readonly place: number;
  readonly isInHtml: boolean;
}

class Search {
  readonly #text: string;
  readonly #mention: BotMention | null;
  readonly #elements = new Elements();
  readonly #marked: Marked[] = [];
  readonly #blocks: (Span & { readonly place: number })[] = [];

  constructor(text: string, mention: BotMention | null) {
    this.#text = text;
    this.#mention = mention;
  }

  found(): Found {
    if (this.#marked.length === 0) return { candidates: [], quoted: [] };
    const insides = this.#elements.read();
    const candidates = this.#marked.flatMap(({ candidate, place, isInHtml }) => {
      return within(candidate, insides[place] ?? "quoting", isInHtml);
    });
    return { candidates, quoted: this.#blocks.filter(({ place }) => insides[place] === "quoting") };
  }

  visit(node: Nodes, part: Part): void {
    switch (node.type) {
      case "root":
        if (node.children.length === 1) this.#onlyCode(node);
        for (const child of node.children) {
          const { start, end } = child.position ?? {};
          this.#block(start?.offset ?? 0, end?.offset ?? 0);
          this.visit(child, null);
        }
        return;
      case "list":
      case "listItem":
      case "blockquote":
      case "footnoteDefinition":
        this.#elements.add(`<x-${node.type.toLowerCase()}>`);
        // A list in a quote is quoted.
        for (const child of node.children) {
          this.visit(child, part === "quote" ? part : (PARTS.get(node.type) ?? null));
        }
        this.#elements.add(`</x-${node.type.toLowerCase()}>`);
        return;
      case "paragraph":
      case "heading":
        this.#lines(node, part);
        return;
      case "html":
        this.#html(node, part);
        return;
      case "table":
        this.#table(node, part);
        return;
      default:
    }
  }

  #block(start: number, end: number): void {
    this.#blocks.push({ start, end, place: this.#elements.mark() });
  }

  #add(start: number, line: CommandLine & { readonly at: number }, more: MarkedAs): void {
    if (this.#marked.length >= MAX_CANDIDATES) return;
    const { misplaced, isExample = false, isInHtml = false } = more;
    const candidate = {
      name: line.name,
      start,
      instructionsStart: line.at + line.rest,
      misplaced: misplaced ?? (line.isMisspelled ? ("spelling" as const) : null),
      isExample,
      isBareMention: line.isBareMention,
    };
    this.#marked.push({ candidate, place: this.#elements.mark(), isInHtml });
  }

  /** A comment that is nothing but a command in a block of code. */
  #onlyCode({ children: [only] }: Root): void {
    if (only?.type !== "code" || only.value.trim().includes("\n")) return;
    const command = readCommandLine(only.value, this.#mention);
    const start = only.position?.start.offset ?? 0;
    if (command !== null) this.#add(start, { ...command, at: start }, { misplaced: "code" });
  }

  /** A row without bars is no row to whoever wrote it. */
  #table({ children }: Table, part: Part): void {
    for (const row of children.slice(1)) {
      const start = row.position?.start.offset ?? 0;
      const line = this.#text.slice(start, this.#lineEnd(start));
      const command = line.includes("|") ? null : readCommandLine(line, this.#mention);
      if (command !== null && part === null) {
        this.#add(start, { ...command, at: start }, { misplaced: "table" });
      }
    }
  }

  /** Browsers read what is in HTML: Markdown leaves it as it is. */
  #html({ position }: Html, part: Part): void {
    let start = position?.start.offset ?? 0;
    const end = position?.end.offset ?? start;
    while (start < end) {
      const lineEnd = Math.min(this.#lineEnd(start), end);
      const line = this.#text.slice(start, lineEnd);
      this.#block(start, lineEnd);
      const tags = /^(?:\s*<[^<>]{1,500}>)*/u.exec(line)?.[0] ?? "";
      const rest = line.slice(tags.length);
      const own = tags.trim() === "" ? rest : rest.replace(/<.*/u, "");
      const command = part === null ? readCommandLine(own, this.#mention) : null;
      this.#elements.add(tags);
      if (command !== null) {
        const at = start + tags.length;
        const misplaced = tags.trim() === "" ? null : "element";
        this.#add(start, { ...command, at }, { misplaced, isInHtml: true });
      }
      this.#elements.add(`${rest}\n`);
      start = lineEnd + 1;
    }
  }

  #lines(node: Paragraph | Heading, part: Part): void {
    // As in the page, a tag that began above and has no end, ends here.
    this.#elements.add("<br>");
    const inline = new ParagraphContent(node.children, this.#elements);
    const nodeEnd = node.position?.end.offset ?? 0;
    let at = node.children[0]?.position?.start.offset ?? nodeEnd;
    let isMath = false;
    while (at < nodeEnd) {
      const end = this.#lineEnd(at);
      const line = this.#text.slice(at, end);
      if (line.trim() === "$$") isMath = !isMath;
      else if (!isMath) this.#line({ at, end, node, part, inline });
      const [mark = ""] = /^[ \t>]*/u.exec(this.#text.slice(end + 1, this.#lineEnd(end + 1))) ?? [];
      at = end + 1 + mark.length;
    }
    inline.goTo(Number.POSITIVE_INFINITY);
  }

  #line({ at, end, node, part, inline }: LineOf): void {
    const start = this.#text.lastIndexOf("\n", at - 1) + 1;
    const before = this.#text.slice(start, at);
    // What has the mark of a quote before it is quoted; what has none is not meant to be.
    if (part === "quote" && before.includes(">")) return;
    if (part === "footnote" && before.includes("[")) return;
    const own = { text: this.#text.slice(at, end), at, nodes: inline.at(at, end) };
    const around = readAround(own, this.#mention);
    if (around === null) return;
    const { line, as, isWhole } = around;
    const isItem = /[^\s>]/u.test(before) && node.type !== "heading";
    const misplaced =
      as ?? part ?? (node.type === "heading" && before.includes("#") ? "heading" : null);
    inline.goTo(line.at);
    this.#add(start, line, {
      misplaced: misplaced ?? (columnsOf(before) > 3 ? "indented" : null),
      isExample: isItem || !isWhole,
    });
  }

  #lineEnd(start: number): number {
    const newline = this.#text.indexOf("\n", start);
    return newline === -1 ? this.#text.length : newline;
  }
}

interface LineOf {
  /** Where the line's own text begins and ends. */
  readonly at: number;
  readonly end: number;
  readonly node: Paragraph | Heading;
  readonly part: Part;
  readonly inline: ParagraphContent;
}

interface MarkedAs {
  readonly misplaced: Misplacement | null;
  readonly isExample?: boolean;
  readonly isInHtml?: boolean;
}

function columnsOf(before: string): number {
  return before.includes("\t") ? 4 : before.length;
}

/** What becomes of a candidate in elements of HTML. */
function within(candidate: Candidate, inside: Inside, isInHtml: boolean): Candidate[] {
  if (inside === "quoting") return [];
  const isFree = inside === "nothing" || (inside === "element" && !isInHtml);
  return [isFree ? candidate : { ...candidate, misplaced: candidate.misplaced ?? "element" }];
}
