import type { DefaultTreeAdapterTypes } from "parse5";
import { parse } from "parse5";
import type { Html } from "../../../src/web/pages/document.ts";
import { textOf } from "../browser.ts";

/** What people read of a page, without its header. */
export async function readable(page: Html): Promise<string> {
  const html = String(await page);
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  return textOf(main);
}

/** The part of a page that has an id, as HTML. */
export async function partOf(page: Html, id: string): Promise<string> {
  const html = String(await page);
  const start = html.indexOf(`id="${id}"`);
  if (start === -1) throw new Error(`the page has no ${id}`);
  const end = html.indexOf("data-live", start + `id="${id}" data-live`.length + 1);
  return html.slice(start, end === -1 ? undefined : end);
}

interface Found {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The elements of a page or of a part of it, as a browser finds them. */
export function elementsIn(html: string): readonly Found[] {
  const found: Found[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("tagName" in node) {
      const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]));
      found.push({ tag: node.tagName, attributes });
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

const KNOWN =
  /^(?:html|head|meta|title|style|body|a|header|div|svg|path|circle|rect|g|text|span|nav|ul|ol|li|bdi|form|input|button|main|section|h1|h2|h3|p|time|code|pre|strong|em|del|br|hr|blockquote|table|thead|tbody|tr|th|td|dl|dt|dd|label|textarea|select|option|fieldset|legend|article|figure|figcaption|details|summary)$/u;

/** What of a page, or a part of it, strangers must have made: other elements, scripts, and links to elsewhere. */
export function foreignIn(html: string): readonly string[] {
  return elementsIn(html).flatMap(({ tag, attributes }) => {
    const isOwnScript = /^\/assets\/pages-[0-9a-f]{16}\.js$/u.test(attributes.get("src") ?? "");
    const bad = [...attributes].filter(
      ([name, value]) =>
        name.startsWith("on") ||
        name === "style" ||
        name === "srcdoc" ||
        (name === "href" && !/^(?:\/(?!\/)|#|https:\/\/github\.com\/)/u.test(value)) ||
        (name === "action" && !/^\/(?!\/)/u.test(value)),
    );
    const names = KNOWN.test(tag) || (tag === "script" && isOwnScript) ? [] : [tag];
    return names.concat(bad.map((pair) => pair.join("=")));
  });
}
