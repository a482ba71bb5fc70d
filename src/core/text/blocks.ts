import {
  attribute,
  elementsIn,
  hasClass,
  isBlock,
  isElement,
  isHidden,
  textOf,
} from "./element.ts";
import type { BlockReader } from "./block-reader.ts";
import type { Element, Node } from "./element.ts";
import { inlineText, oneLine, targetOf } from "./inline.ts";
import { withLineFeeds } from "./characters.ts";
import { hardToSee, label, withoutLabels } from "./label.ts";
import { tableBlocks } from "./table.ts";

/** A reader for a document in which these elements have blocks somewhere below them. */
export function createBlockReader(withBlocks: ReadonlySet<Node>): BlockReader {
  const reader: BlockReader = {
    blocksOf(nodes) {
      const blocks: string[] = [];
      let line: Node[] = [];
      const endLine = () => {
        const text = inlineText(line);
        if (text !== "") blocks.push(text);
        line = [];
      };
      for (const node of nodes) {
        if (isElement(node) && (isBlock(node) || withBlocks.has(node))) {
          endLine();
          if (!isHidden(node)) blocks.push(...block(node, reader));
        } else line.push(node);
      }
      endLine();
      return blocks;
    },
    holdsBlocks: (node) => withBlocks.has(node),
  };
  return reader;
}

function block(node: Element, reader: BlockReader): string[] {
  const { tagName, childNodes } = node;
  if (hasClass(node, "js-render-needs-enrichment")) return drawing(node);
  switch (tagName) {
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return heading(node, reader);
    case "ul":
    case "ol":
    case "menu":
    case "dir":
      return list(node, reader);
    case "blockquote":
      return indented(reader.blocksOf(childNodes).join("\n\n"), "> ", "> ");
    case "pre":
      return codeBlock(node);
    case "hr":
      return ["---"];
    case "table":
      return tableBlocks(node, reader);
    case "details":
      return details(node, reader);
    case "a":
      return [...reader.blocksOf(childNodes), targetOf(node) ?? ""].filter((it) => it !== "");
    default:
      return footnotes(node, reader) ?? reader.blocksOf(childNodes);
  }
}

function heading(node: Element, reader: BlockReader): string[] {
  if (reader.holdsBlocks(node)) return reader.blocksOf(node.childNodes);
  const words = oneLine(node.childNodes);
  return words === "" ? [] : [`${"#".repeat(Number(node.tagName[1]))} ${words}`];
}

function list(node: Element, reader: BlockReader): string[] {
  const items = node.childNodes.filter((child) => isElement(child) && !isHidden(child));
  const isLoose = items.some((item) => isElement(item) && item.childNodes.some(isParagraph));
  let number = Number.parseInt(attribute(node, "start") ?? "1", 10);
  if (!Number.isSafeInteger(number)) number = 1;
  const lines = items.flatMap((item) => {
    if (!isElement(item)) return [];
    if (item.tagName !== "li") return reader.blocksOf([item]);
    const marker = node.tagName === "ol" ? `${number}. ` : "- ";
    number += 1;
    const content = reader.blocksOf(item.childNodes).join(isLoose ? "\n\n" : "\n");
    return content === "" ? [] : indented(content, marker, " ".repeat(marker.length));
  });
  return lines.length === 0 ? [] : [lines.join(isLoose ? "\n\n" : "\n")];
}

function isParagraph(node: Node): boolean {
  return node.nodeName === "p";
}

function indented(text: string, first: string, others: string): string[] {
  if (text === "") return [];
  const [head = "", ...rest] = text.split("\n");
  const lines = rest.map((line) => (line === "" ? others.trimEnd() : `${others}${line}`));
  return [[`${first}${head}`, ...lines].join("\n")];
}

/** What GitHub draws in the place of code. */
const DRAWN = new Set(["mermaid", "geojson", "topojson", "stl", "math"]);

/** A gap in a line behind which text is out of sight. It begins where blanks begin: a long run is read once. */
const GAP = /(?<![^\S\n\r])[^\S\n\r]{100,}\S/u;

/** Characters that look like a space to people, and not to `\s`. */
const BLANKS = /[\u00AD\u115F\u1160\u180E\u200B-\u200F\u2060-\u206F\u2800\u3164\uFFA0\uFEFF]/gu;

function codeBlock(node: Element): string[] {
  // A carriage return that HTML names is no line end here, and is one later, without the mark of a quote before it.
  const content = withLineFeeds(withoutLabels(textOf(node))).replace(/\n$/u, "");
  if (content === "") return [];
  let longest = 2;
  for (const [run] of content.matchAll(/`+/gu)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const language = languageOf(node);
  const fenced = `${fence}${language}\n${content}\n${fence}`;
  const notes = [
    ...(DRAWN.has(language) ? [label("people see a drawing instead of this code")] : []),
    ...(GAP.test(content.replaceAll(BLANKS, " "))
      ? [hardToSee("this code has text far to the right")]
      : []),
  ];
  return [[...notes, fenced].join("\n")];
}

/** The word behind the fence, from the frames that GitHub and cmark-gfm put around code. */
function languageOf(node: Element): string {
  const { parentNode, childNodes } = node;
  const around = parentNode !== null && "attrs" in parentNode ? [parentNode] : [];
  const inside = childNodes.filter(isElement);
  const classes = [...around, node, ...inside].map((it) => attribute(it, "class") ?? "").join(" ");
  const named = /(?:^|\s)(?:highlight-(?:source|text)-|language-)(?<name>[\w+#.-]{1,30})/u;
  const language = attribute(node, "lang") ?? named.exec(classes)?.groups?.["name"] ?? "";
  return /^[\w+#.-]{1,30}$/u.test(language) ? language : "";
}

/** The source of a drawing is in the document, hidden: people see what is made of it. */
function drawing(node: Element): string[] {
  const source = [...elementsIn(node)].find(({ tagName }) => tagName === "pre");
  return source === undefined ? [] : codeBlock(source);
}

function details(node: Element, reader: BlockReader): string[] {
  const summary = node.childNodes.find(({ nodeName }) => nodeName === "summary");
  const title =
    summary !== undefined && isElement(summary) ? reader.blocksOf(summary.childNodes) : [];
  const content = reader.blocksOf(node.childNodes.filter((child) => child !== summary));
  if (attribute(node, "open") !== null) return [...title, ...content];
  const head = [label("people have to open this section"), ...title].join(" ");
  return [head, ...content, label("end of the section")];
}

/** GitHub's section of footnotes; null for any other element. */
function footnotes(node: Element, reader: BlockReader): string[] | null {
  if (attribute(node, "data-footnotes") === null) return null;
  const items = [...elementsIn(node)].filter(({ tagName }) => tagName === "li");
  return items.flatMap((item, index) => {
    const content = reader.blocksOf(item.childNodes).join("\n\n");
    const name = nameOfFootnote(item) ?? String(index + 1);
    return indented(content, `[^${name}]: `, "    ");
  });
}

/** A reference shows the number of its note. */
function nameOfFootnote(item: Element): string | null {
  const back = [...elementsIn(item)].find((it) => attribute(it, "data-footnote-backref") !== null);
  const said = /(?<number>\d{1,5})(?:-\d+)?$/u.exec(
    back === undefined ? "" : (attribute(back, "aria-label") ?? ""),
  );
  return said?.groups?.["number"] ?? null;
}
