import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root["children"][number];

/** What GitHub would make of a comment, as far as it matters who can do what to the reader. */
export interface Reading {
  /** Where links lead. */
  readonly links: readonly string[];
  readonly images: readonly string[];
  /** Raw HTML, tag by tag and comment by comment. */
  readonly html: readonly string[];
  readonly code: readonly string[];
  /** Words outside code and HTML: what is said in the open, and may mention somebody. */
  readonly words: string;
}

/** Reads Markdown as GitHub does. */
export function readMarkdown(markdown: string): Reading {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const nodes = [...walk(tree)];
  return {
    links: nodes.flatMap((node) => (node.type === "link" ? [node.url] : [])),
    images: nodes.flatMap((node) => (node.type === "image" ? [node.url] : [])),
    html: nodes.flatMap((node) => (node.type === "html" ? [node.value] : [])),
    code: nodes.flatMap((node) =>
      node.type === "inlineCode" || node.type === "code" ? [node.value] : [],
    ),
    words: nodes.flatMap((node) => (node.type === "text" ? [node.value] : [])).join("\n"),
  };
}

function* walk(node: Node): Generator<Node> {
  yield node;
  if (!("children" in node)) return;
  for (const child of node.children) yield* walk(child);
}
