import type { Nodes, Parents } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Thread } from "../github/thread.ts";

/** How a terminal shows emphasis; plain where it is none. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const EMOJI: Readonly<Record<string, string>> = { eyes: "👀", confused: "😕" };

/** A thread as a person sees it on GitHub, in lines for a terminal. */
export function showThread(title: string, thread: Thread, style: Style): string {
  const labels = thread.labels.map((label) => ` [${label}]`).join("");
  const lines = [
    style.bold(`${title}: ${thread.title}`) + labels + reactions(thread.reactions),
    indent(thread.body ?? ""),
  ];
  for (const comment of thread.comments) lines.push(showComment(comment, style));
  return lines.join("\n");
}

/** One comment of a thread. */
export function showComment(
  {
    author,
    body,
    reactions: given,
  }: Pick<Thread["comments"][number], "author" | "body" | "reactions">,
  style: Style,
): string {
  return `${style.bold(author) + reactions(given)}\n${indent(renderMarkdown(body, style))}`;
}

function reactions(given: Thread["reactions"]): string {
  return given.map(({ content }) => ` ${EMOJI[content] ?? content}`).join("");
}

function indent(text: string): string {
  return text.trim().replaceAll(/^/gmu, "  │ ");
}

/** Markdown as text: what is hidden on GitHub (HTML comments) is hidden here too. */
function renderMarkdown(markdown: string, style: Style): string {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  return blocks(tree, style);
}

function renderNode(node: Nodes, style: Style): string {
  switch (node.type) {
    case "html":
      return "";
    case "text":
    case "code":
      return node.value;
    case "inlineCode":
      return `\`${node.value}\``;
    case "link":
      return `${children(node, style)} <${node.url}>`;
    case "image":
      return `${node.alt ?? ""} <${node.url}>`;
    case "heading":
    case "strong":
      return style.bold(children(node, style));
    case "blockquote":
      return blocks(node, style).replaceAll(/^/gmu, "▌ ");
    case "list":
      return node.children.map((item) => `- ${children(item, style)}`).join("\n");
    case "paragraph": {
      const text = children(node, style);
      const [first] = node.children;
      const isSmall = first?.type === "html" && first.value === "<sub>";
      return isSmall ? style.dim(text) : text;
    }
    default:
      return "children" in node ? children(node, style) : "";
  }
}

/** What stands one below the other. */
function blocks(parent: Parents, style: Style): string {
  return parent.children
    .map((block) => renderNode(block, style))
    .filter((text) => text !== "")
    .join("\n\n");
}

function children(parent: Parents, style: Style): string {
  return parent.children.map((child) => renderNode(child, style)).join("");
}
