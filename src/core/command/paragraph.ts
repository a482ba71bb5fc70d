import type { Html, PhrasingContent } from "mdast";
import type { Elements } from "./elements.ts";

/** What is in a paragraph, in its order; its HTML goes on to the elements. */
export class ParagraphContent {
  readonly #nodes: readonly PhrasingContent[];
  readonly #html: readonly Html[];
  readonly #elements: Elements;
  #next = 0;
  #nextHtml = 0;

  constructor(nodes: readonly PhrasingContent[], elements: Elements) {
    this.#nodes = nodes;
    this.#html = nodes.flatMap(htmlIn);
    this.#elements = elements;
  }

  /** The nodes from the one at this place to the end of its line; the places grow. */
  at(start: number, end: number): readonly PhrasingContent[] {
    const nodes = this.#nodes;
    while (this.#next < nodes.length && (nodes[this.#next]?.position?.end.offset ?? 0) <= start) {
      this.#next += 1;
    }
    const found: PhrasingContent[] = [];
    for (let index = this.#next; index < nodes.length; index += 1) {
      const node = nodes[index];
      if (node === undefined || (node.position?.start.offset ?? 0) >= end) break;
      found.push(node);
    }
    return found;
  }

  /** All HTML before this place has been read. */
  goTo(place: number): void {
    for (; this.#nextHtml < this.#html.length; this.#nextHtml += 1) {
      const html = this.#html[this.#nextHtml];
      if (html === undefined || (html.position?.start.offset ?? 0) >= place) return;
      this.#elements.add(html.value);
    }
  }
}

function htmlIn(node: PhrasingContent): readonly Html[] {
  if (node.type === "html") return [node];
  return "children" in node ? node.children.flatMap(htmlIn) : [];
}
