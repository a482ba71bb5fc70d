import type { Element, ElementContent, RootContent } from "hast";
import { fromParse5 } from "hast-util-from-parse5";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { parseFragment } from "parse5";

/** GitHub's schema, as it was published, without what `tagfilter` has made text of already. */
const SCHEMA = { ...defaultSchema, strip: [] };

/** Fences that GitHub shows as a drawing. */
const DRAWN = new Set(["mermaid", "geojson", "topojson", "stl"]);

/**
 * The HTML that GitHub makes of a comment: GFM with its tag filter, raw HTML through GitHub's sanitizer, a line
 * break at each end of a line, code in its frames, images in links to themselves, drawings as GitHub prepares them.
 */
export function renderHtml(markdown: string): string {
  const html = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml({ clobberPrefix: "" })],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
  return finishHtml(html);
}

/** What GitHub makes of the HTML of a renderer of Markdown: sanitized, and with its own frames around some of it. */
export function finishHtml(html: string): string {
  const tree = sanitize(fromParse5(parseFragment(html)), SCHEMA);
  if (tree.type !== "root") throw new TypeError("The sanitizer's answer to a root is a root");
  return toHtml({ ...tree, children: tree.children.flatMap((node) => finished(node)) });
}

/** Blocks to which GitHub gives the direction of their text. */
const DIRECTED = new Set(["p", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"]);

interface Around {
  readonly breaks: boolean;
  readonly link: boolean;
}

function finished(
  node: RootContent,
  around: Around = { breaks: false, link: false },
): ElementContent[] {
  const { breaks, link } = around;
  if (node.type === "text") return breaks ? withBreaks(node.value) : [node];
  if (node.type !== "element") return [];
  const { tagName } = node;
  if (tagName === "pre") return [codeFrame(node)];
  if (tagName === "img") return [link ? node : linkToItself(node)];
  const within = {
    breaks: tagName === "p" || (breaks && tagName !== "code"),
    link: link || tagName === "a",
  };
  const children = node.children.flatMap((child, index) => {
    const before = node.children[index - 1];
    const isBroken = before?.type === "element" && before.tagName === "br";
    return finished(child, isBroken ? { ...within, breaks: false } : within);
  });
  const properties = DIRECTED.has(tagName) ? { ...node.properties, dir: "auto" } : node.properties;
  return [{ ...node, properties, children }];
}

function codeFrame(pre: Element): Element {
  const [code] = pre.children;
  const names = code?.type === "element" ? code.properties["className"] : undefined;
  const language = /^language-(?<name>\S+)/u.exec(String(names ?? ""))?.groups?.["name"];
  if (language === undefined) {
    return element(
      "div",
      ["snippet-clipboard-content", "notranslate"],
      [{ ...pre, properties: { className: ["notranslate"] } }],
    );
  }
  const text = code?.type === "element" ? code.children : [];
  if (DRAWN.has(language)) return drawing(language, text);
  const inner = { ...pre, children: text };
  return element("div", ["highlight", `highlight-source-${language}`, "notranslate"], [inner]);
}

function drawing(language: string, text: Element["children"]): Element {
  const source: Element = {
    type: "element",
    tagName: "pre",
    properties: { lang: language, ariaLabel: `Raw ${language} code` },
    children: text,
  };
  const hidden = element("div", ["render-plaintext-hidden"], [source]);
  const target = element("div", ["js-render-enrichment-target"], [hidden]);
  const section = element("section", ["js-render-needs-enrichment"], [target]);
  return { ...section, properties: { ...section.properties, dataType: language } };
}

function linkToItself(image: Element): Element {
  const href = image.properties["src"] ?? "";
  return {
    type: "element",
    tagName: "a",
    properties: { target: "_blank", rel: ["noopener", "noreferrer"], href },
    children: [image],
  };
}

/** In comments GitHub breaks a line where its author did. */
function withBreaks(value: string): ElementContent[] {
  return value.split("\n").flatMap((line, index): ElementContent[] => {
    if (index === 0) return [{ type: "text", value: line }];
    return [element("br", [], []), { type: "text", value: `\n${line}` }];
  });
}

function element(tagName: string, className: string[], children: ElementContent[]): Element {
  return {
    type: "element",
    tagName,
    properties: className.length > 0 ? { className } : {},
    children,
  };
}
