import type { BlockContent, Link, List, PhrasingContent, RootContent, Table } from "mdast";
import { clean } from "./clean.ts";
import { withoutCredentials } from "./credentials.ts";
import { withoutTags } from "./html-tags.ts";
import { withoutRiskyWords } from "./risky-words.ts";

/** Where a link may lead, in a form that Markdown can take; null for one that is only named. */
export type LinkRule = (url: string) => string | null;

/** Lists and quotes that nest deeper are shown without their form. */
const MAX_DEPTH = 5;

/** The blocks of others' Markdown that a comment may show: paragraphs, lists, quotes, code and tables. */
export function safeBlocks(
  nodes: readonly RootContent[],
  rule: LinkRule,
  depth = 0,
): BlockContent[] {
  return nodes.flatMap((node) => safeBlock(node, rule, depth));
}

function safeBlock(node: RootContent, rule: LinkRule, depth: number): BlockContent[] {
  switch (node.type) {
    case "paragraph":
      return paragraph(node.children, rule);
    case "heading":
      return paragraph([{ type: "strong", children: node.children }], rule);
    case "code":
      return node.value === ""
        ? []
        : [{ type: "code", value: node.value, lang: language(node.lang) }];
    case "blockquote": {
      const children = safeBlocks(node.children, rule, depth + 1);
      if (children.length === 0 || depth >= MAX_DEPTH) return children;
      return [{ type: "blockquote", children }];
    }
    case "list":
      return list(node, rule, depth);
    case "table":
      return table(node, rule);
    case "html":
      return paragraph([{ type: "text", value: withoutTags(node.value).trim() }], rule);
    case "footnoteDefinition":
      return safeBlocks(node.children, rule, depth);
    case "thematicBreak":
    case "definition":
    case "yaml":
      return [];
    default:
      return isPhrasing(node) ? paragraph([node], rule) : [];
  }
}

function paragraph(nodes: readonly PhrasingContent[], rule: LinkRule): BlockContent[] {
  const children = safeLine(nodes, rule);
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}

/**
 * What a paragraph or a cell shows. A credential that only its form has divided, e.g. by emphasis, is one all the same:
 * such words are shown without form.
 */
function safeLine(nodes: readonly PhrasingContent[], rule: LinkRule): PhrasingContent[] {
  const safe = safePhrasing(nodes, rule);
  const { text, removed } = withoutCredentials(safe.map(wordsOf).join(""));
  return removed.credential === undefined ? safe : trimmed(apart(withoutRiskyWords(text)));
}

function wordsOf(node: PhrasingContent): string {
  if (node.type === "break") return "\n";
  if ("children" in node) return node.children.map(wordsOf).join("");
  return "value" in node ? node.value : "";
}

function list(node: List, rule: LinkRule, depth: number): BlockContent[] {
  const items = node.children.flatMap((item) => {
    const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
    const content = safeBlocks(item.children, rule, depth + 1);
    const [first] = content;
    // A box of the comment's could be ticked by anybody who may edit it.
    if (box !== "" && first?.type === "paragraph")
      first.children.unshift({ type: "text", value: box });
    return content.length === 0 ? [] : [content];
  });
  if (depth >= MAX_DEPTH) return items.flat();
  if (items.length === 0) return [];
  const spread = items.some(([, ...others]) => others.some(({ type }) => type !== "list"));
  const children = items.map((content) => ({
    type: "listItem" as const,
    spread,
    children: content,
  }));
  return [
    { type: "list", ordered: node.ordered === true, start: node.start ?? null, spread, children },
  ];
}

function table({ align, children }: Table, rule: LinkRule): BlockContent[] {
  const rows = children.map((row) => ({
    type: "tableRow" as const,
    children: row.children.map((cell) => ({
      type: "tableCell" as const,
      children: safeLine(cell.children, rule).filter(({ type }) => type !== "break"),
    })),
  }));
  return [{ type: "table", align: align ?? null, children: rows }];
}

/**
 * Text and what is in it. Texts side by side become one before its words are looked at, and are cleaned: behind escapes,
 * entities and tags stands what nobody could find in the source.
 */
function safePhrasing(nodes: readonly PhrasingContent[], rule: LinkRule): PhrasingContent[] {
  const merged: PhrasingContent[] = [];
  for (const node of nodes.flatMap((one) => withoutForm(one, rule))) {
    const last = merged.at(-1);
    if (node.type === "text" && last?.type === "text") {
      merged[merged.length - 1] = { type: "text", value: last.value + node.value };
    } else merged.push(node);
  }
  const safe = merged.flatMap((node): PhrasingContent[] =>
    node.type === "text" ? withoutRiskyWords(clean(node.value).text) : [node],
  );
  return trimmed(apart(safe));
}

/** Two pieces of code side by side would be one: their backticks meet. */
function apart(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.flatMap((node, index): PhrasingContent[] => {
    const isCode = node.type === "inlineCode" && nodes[index - 1]?.type === "inlineCode";
    return isCode ? [{ type: "text", value: " " }, node] : [node];
  });
}

/** Without line breaks, and blanks that Markdown would need to encode, at either end. */
function trimmed(nodes: PhrasingContent[]): PhrasingContent[] {
  const first = nodes.findIndex(hasWords);
  const last = nodes.findLastIndex(hasWords);
  if (first === -1) return [];
  return nodes.slice(first, last + 1).map((node, index, all) => {
    if (node.type !== "text") return node;
    const value = index === 0 ? node.value.trimStart() : node.value;
    return { type: "text", value: index === all.length - 1 ? value.trimEnd() : value };
  });
}

function hasWords(node: PhrasingContent): boolean {
  return node.type !== "break" && (node.type !== "text" || node.value.trim() !== "");
}

function withoutForm(node: PhrasingContent, rule: LinkRule): PhrasingContent[] {
  switch (node.type) {
    case "text":
    case "break":
      return [node];
    case "inlineCode":
      return node.value === "" ? [] : [{ type: "inlineCode", value: node.value }];
    case "emphasis":
    case "strong":
    case "delete": {
      const children = safePhrasing(node.children, rule);
      return children.length === 0 ? [] : [{ type: node.type, children }];
    }
    case "link":
      return link(node, rule);
    case "linkReference":
      return node.children.flatMap((child) => withoutForm(child, rule));
    case "image":
    case "imageReference":
      return [
        { type: "text", value: (node.alt ?? "") === "" ? "(image)" : `(image: ${node.alt})` },
      ];
    case "footnoteReference":
      return [{ type: "text", value: `[${node.label ?? node.identifier}]` }];
    case "html":
      return html(node.value);
    default:
      return node satisfies never;
  }
}

/** A link that isn't allowed is its words, and its address as code. */
function link({ url, children }: Link, rule: LinkRule): PhrasingContent[] {
  const words = children.flatMap((child) => withoutForm(child, rule));
  const allowed = rule(url);
  if (allowed !== null) {
    const shown = safePhrasing(children, rule);
    if (shown.length > 0) return [{ type: "link", url: allowed, children: shown }];
  }
  const [only] = words;
  const isNamed = words.length === 1 && only?.type === "text" && url.endsWith(only.value);
  if (isNamed || url === "") return words;
  return [
    ...words,
    { type: "text", value: " (" },
    { type: "inlineCode", value: clean(url).text },
    { type: "text", value: ")" },
  ];
}

/** A tag of HTML has no words; a line break is one; what only looks like a tag is code, e.g. of a program. */
function html(value: string): PhrasingContent[] {
  if (/^<br\s*\/?>$/iu.test(value)) return [{ type: "break" }];
  const words = withoutTags(value);
  if (words === "") return [];
  return [{ type: "inlineCode", value: words }];
}

/** The word behind a fence, where it's a language and GitHub makes nothing else of it. */
function language(lang: string | null | undefined): string | null {
  const name = (lang ?? "").toLowerCase();
  return /^[\w+#.-]{1,30}$/u.test(name) && !TAKEN.has(name) ? name : null;
}

/** What GitHub draws in the place of code, or takes for a change that can be committed. */
const TAKEN = new Set(["mermaid", "geojson", "topojson", "stl", "math", "suggestion"]);

function isPhrasing(node: RootContent): node is PhrasingContent {
  return node.type !== "listItem" && node.type !== "tableRow" && node.type !== "tableCell";
}
