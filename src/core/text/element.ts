import type { DefaultTreeAdapterTypes } from "parse5";

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;

/** Whether a node is an element, and not text or a comment. */
export function isElement(node: Node): node is Element {
  return "tagName" in node;
}

/** What a start tag says: of an element in a tree, or of a token. */
export type StartTag = Pick<Element, "attrs" | "tagName">;

/** The value of an attribute; null for one that isn't there. */
export function attribute(element: StartTag, name: string): string | null {
  return element.attrs.find((it) => it.name === name)?.value ?? null;
}

/** Whether an element has one of these classes. */
export function hasClass(element: StartTag, ...names: readonly string[]): boolean {
  const classes = attribute(element, "class")?.split(/\s+/u) ?? [];
  return names.some((name) => classes.includes(name));
}

/** What holds no text for people, or text that no browser shows. */
const UNSEEN = new Set(
  "script style template noscript noframes noembed head title svg clipboard-copy datalist iframe object embed param source track col colgroup link meta base frameset tool-tip".split(
    " ",
  ),
);

/** GitHub's classes for what only screen readers meet, and for the source of a drawing. */
const HIDING_CLASSES = [
  "sr-only",
  "show-on-focus",
  "render-plaintext-hidden",
  "js-render-enrichment-loader",
];

const HIDING_STYLE =
  /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0*\s*(?:[;!]|$)|font-size\s*:\s*0)/iu;

/** Whether people don't see what is in an element. */
export function isHidden(element: StartTag): boolean {
  if (UNSEEN.has(element.tagName) || attribute(element, "hidden") !== null) return true;
  const style = attribute(element, "style");
  return (style !== null && HIDING_STYLE.test(style)) || hasClass(element, ...HIDING_CLASSES);
}

/** What begins on a line of its own. */
const BLOCKS = new Set(
  "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul caption html".split(
    " ",
  ),
);

export function isBlock(node: Node): boolean {
  return isElement(node) && BLOCKS.has(node.tagName);
}

/** The elements below a node of which the condition is true, in the order of the document. */
export function* elementsIn(element: Element): Generator<Element> {
  for (const child of element.childNodes) {
    if (!isElement(child)) continue;
    yield child;
    yield* elementsIn(child);
  }
}

/** All text below a node, as it is. */
export function textOf(element: Element): string {
  let text = "";
  for (const child of element.childNodes) {
    if (isElement(child)) {
      if (child.tagName === "br") text += "\n";
      else if (!isHidden(child)) text += textOf(child);
    } else if (child.nodeName === "#text" && "value" in child) text += child.value;
  }
  return text;
}

const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/iu;

/** Whether elements of this name have no end tag, and so nothing in them. */
export function isVoid(tagName: string): boolean {
  return VOID.test(tagName);
}
