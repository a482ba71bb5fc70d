import type { Element, ElementContent, Nodes, Root } from "hast";
import { toHtml } from "hast-util-to-html";
import { raw } from "hono/html";
import type { Blockquote, BlockContent, Nodes as MarkdownNode } from "mdast";
import type { State } from "mdast-util-to-hast";
import { toHast } from "mdast-util-to-hast";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { allowedPage } from "../../core/session/page-link.ts";
import { ownLineTree, ownTree, safeTree } from "../../core/text/safe-markdown.ts";
import type { Html } from "./document.ts";
import { vettedUrl } from "./names.ts";

/** The bot's own Markdown, as the thread has it, as HTML. What isn't linked on these pages is text. */
export function ownMarkdown(markdown: string, hosts: GitHubHosts): Html {
  return htmlOf(ownTree(markdown), hosts);
}

/** The same in a line of other words: without a paragraph of its own. */
export function ownLine(markdown: string, hosts: GitHubHosts): Html {
  const { children } = markdown.includes("\n") ? ownTree(markdown) : ownLineTree(markdown);
  const [first] = children;
  if (children.length !== 1 || first?.type !== "paragraph") return ownMarkdown(markdown, hosts);
  const line = finished(hastOf(first), hosts);
  return raw(toHtml(line.type === "element" ? line.children : line));
}

/** What there is to show of an agent's words. */
export interface ShownWords {
  readonly html: Html;
  readonly isEmpty: boolean;
  /** Whether they were too long to be shown whole. */
  readonly isCut: boolean;
}

/** The agent's words, with as much of their form as the thread shows; at most so many characters of them. */
export function agentWords(markdown: string, most: number, hosts: GitHubHosts): ShownWords {
  const { blocks, isCut } = safeTree(markdown, most, (url) => allowedPage(url, hosts));
  return { html: htmlOf(rootOf(blocks), hosts), isEmpty: blocks.length === 0, isCut };
}

function rootOf(children: readonly BlockContent[]): MarkdownNode {
  return { type: "root", children: [...children] };
}

function htmlOf(tree: MarkdownNode, hosts: GitHubHosts): Html {
  return raw(toHtml(finished(hastOf(tree), hosts)));
}

function hastOf(tree: MarkdownNode): Nodes {
  return toHast(tree, { handlers: { blockquote, html: summary } });
}

/** GitHub's notices begin with their kind in brackets. */
const NOTICE = /^\[!(?<kind>NOTE|IMPORTANT|WARNING|CAUTION)\]\s*/u;

function blockquote(state: State, node: Blockquote): Element {
  const [first] = node.children;
  const [words] = first?.type === "paragraph" ? first.children : [];
  const kind = words?.type === "text" ? NOTICE.exec(words.value)?.groups?.["kind"] : undefined;
  if (kind === undefined || words?.type !== "text") {
    return element("blockquote", {}, state.wrap(state.all(node), true));
  }
  words.value = words.value.replace(NOTICE, "");
  return element("div", { className: ["note", kind.toLowerCase()] }, state.all(node));
}

/** The bot folds long parts of its answers. A page shows them, under the words that they are folded behind. */
function summary(_state: State, { value }: { readonly value: string }): Element | undefined {
  const words = /^<details><summary>(?<words>[^<]*)<\/summary>$/u.exec(value)?.groups?.["words"];
  if (words === undefined) return undefined;
  const strong = element("strong", {}, [{ type: "text", value: words }]);
  return element("p", {}, [strong]);
}

/** Blocks to which the page gives the direction of their text. */
const DIRECTED = new Set(["p", "li", "th", "td", "blockquote"]);

/** Each link is looked at once more, whoever wrote it; what scrolls can be reached with the keyboard. */
function finished(node: Nodes, hosts: GitHubHosts): Nodes {
  if (node.type === "root") return { ...node, children: within(node, hosts) };
  if (node.type !== "element") return node;
  const children = within(node, hosts);
  const { tagName, properties } = node;
  switch (tagName) {
    case "a": {
      const link = properties["href"];
      const href = vettedUrl(typeof link === "string" ? link : "", hosts);
      return href === null
        ? element("span", {}, children)
        : element("a", { href, dir: "auto" }, children);
    }
    case "img":
    case "input":
      return { type: "text", value: "" };
    case "pre":
      return element("pre", { tabIndex: 0 }, children);
    case "table":
      return element("div", { className: ["scroll"], tabIndex: 0 }, [
        element("table", {}, children),
      ]);
    default:
      return { ...node, properties: directed(tagName, properties), children };
  }
}

function within(node: Element | Root, hosts: GitHubHosts): ElementContent[] {
  return node.children.flatMap((child) => {
    const shown = finished(child, hosts);
    return shown.type === "element" || shown.type === "text" ? [shown] : [];
  });
}

function directed(tagName: string, properties: Element["properties"]): Element["properties"] {
  const { start, align } = properties;
  return {
    ...(start !== undefined && { start }),
    ...(align !== undefined && { align }),
    ...(DIRECTED.has(tagName) && { dir: "auto" }),
  };
}

function element(
  tagName: string,
  properties: Element["properties"],
  children: ElementContent[],
): Element {
  return { type: "element", tagName, properties, children };
}
