import { attribute, hasClass, isElement, isHidden, textOf } from "./element.ts";
import type { Element, Node } from "./element.ts";
import { hardToSee, label, withoutLabels } from "./label.ts";

/** What is around a piece of text. */
interface Around {
  /** Marks of emphasis that are open: nobody needs them twice. */
  readonly marks: string;
  /** How many elements around it make it smaller. */
  readonly small: number;
}

const PLAIN: Around = { marks: "", small: 0 };

/** From as many nested elements on text is too small to be read. */
const TOO_SMALL = 3;

/** Longer targets of links are nothing that people look at. */
const MAX_TARGET = 300;

/** Text and what is in it, as one line of Markdown, or several where the author broke it. */
export function inlineText(nodes: readonly Node[], around: Around = PLAIN): string {
  return rawInline(nodes, around)
    .replaceAll(/(?<! ) *\n */gu, "\n")
    .trim();
}

/** The same on one line. */
export function oneLine(nodes: readonly Node[]): string {
  return inlineText(nodes).replaceAll("\n", " ");
}

function rawInline(nodes: readonly Node[], around: Around): string {
  return nodes.map((node) => (isElement(node) ? element(node, around) : text(node))).join("");
}

function text(node: Node): string {
  if (node.nodeName !== "#text" || !("value" in node)) return "";
  return withoutLabels(node.value).replaceAll(/[ \t\n\r\f]+/gu, " ");
}

const EMPHASIS: Readonly<Record<string, string>> = {
  b: "**",
  strong: "**",
  em: "*",
  i: "*",
  del: "~~",
  s: "~~",
  strike: "~~",
};

const SMALLER = new Set(["sub", "sup", "small", "rt", "rp"]);

function element(node: Element, around: Around): string {
  const { tagName, childNodes } = node;
  if (isHidden(node)) return "";
  const emphasis = EMPHASIS[tagName];
  if (emphasis !== undefined) return emphasized(node, emphasis, around);
  if (SMALLER.has(tagName)) return smaller(node, around);
  switch (tagName) {
    case "br":
      return "\n";
    case "code":
    case "tt":
    case "samp":
      return code(withoutLabels(textOf(node)));
    case "a":
      return link(node, around);
    case "img":
    case "picture":
    case "video":
    case "audio":
    case "canvas":
      return "[image]";
    case "input":
      return checkbox(node);
    case "math-renderer":
      return `${code(withoutLabels(textOf(node)))} ${label("people see a formula instead")}`;
    case "q":
      return `"${rawInline(childNodes, around)}"`;
    default:
      return rawInline(childNodes, around);
  }
}

function emphasized(node: Element, mark: string, around: Around): string {
  if (around.marks.includes(` ${mark} `)) return rawInline(node.childNodes, around);
  const inner = rawInline(node.childNodes, { ...around, marks: `${around.marks} ${mark} ` });
  return inner.trim() === "" ? inner : `${mark}${inner}${mark}`;
}

function smaller(node: Element, around: Around): string {
  const reference = footnoteReference(node);
  if (reference !== null) return reference;
  const small = around.small + 1;
  const inner = rawInline(node.childNodes, { ...around, small });
  if (small !== TOO_SMALL || inner.trim() === "") return inner;
  return `${hardToSee("tiny text")} ${inner} ${label("end of tiny text")}`;
}

function footnoteReference(node: Element): string | null {
  const [only] = node.childNodes;
  if (only === undefined || node.childNodes.length > 1 || !isElement(only)) return null;
  return attribute(only, "data-footnote-ref") === null ? null : `[^${oneLine(only.childNodes)}]`;
}

/** Code in a line: with more backticks around it than are in it. */
function code(content: string): string {
  const line = content.replaceAll(/\r\n?|\n/gu, " ");
  if (line === "") return "";
  const runs = [...line.matchAll(/`+/gu)].map(([run]) => run.length);
  let longest = 0;
  for (const run of runs) longest = Math.max(longest, run);
  const ticks = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function checkbox(node: Element): string {
  if (attribute(node, "type")?.toLowerCase() !== "checkbox") return "";
  return attribute(node, "checked") === null ? "[ ]" : "[x]";
}

/** GitHub's own links to what its text names already. */
const NAMED = ["user-mention", "team-mention", "issue-link", "commit-link", "anchor"];

function link(node: Element, around: Around): string {
  if (attribute(node, "data-footnote-backref") !== null) return "";
  const inner = rawInline(node.childNodes, around);
  const target = targetOf(node);
  const words = inner.trim();
  if (target === null || words === "" || isNamedBy(words, target)) return inner;
  return `[${words}](${target})`;
}

/** Where a link leads, as far as it's shown: people can look at it before they follow it. */
export function targetOf(node: Element): string | null {
  const href = withoutLabels(attribute(node, "href") ?? "");
  if (hasClass(node, ...NAMED) || leadsToOwnImage(node, href)) return null;
  return /^https?:\/\/[^\s<>]+$/iu.test(href) && href.length <= MAX_TARGET ? href : null;
}

/** GitHub makes each image a link to itself. */
function leadsToOwnImage({ childNodes }: Element, href: string): boolean {
  const [only] = childNodes;
  if (only === undefined || childNodes.length > 1 || !isElement(only)) return false;
  return only.tagName === "img" && attribute(only, "src") === href;
}

function isNamedBy(words: string, target: string): boolean {
  const bare = target.replace(/^https?:\/\//iu, "").replace(/\/$/u, "");
  const named = words.replace(/^https?:\/\//iu, "").replace(/\/$/u, "");
  return named === bare || encodeURI(named.toWellFormed()) === bare;
}
