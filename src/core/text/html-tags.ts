/** Names that are tags of HTML, and not types of a program. */
export const TAGS =
  "a|abbr|article|aside|audio|b|bdi|bdo|blockquote|body|br|button|canvas|center|cite|code|col|colgroup|dd|del|details|dfn|dialog|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|noscript|object|ol|optgroup|option|p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr";

const COMMENTS = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)/gu;
const UNSEEN =
  /<(?<name>script|style|template|title)\b[^>]{0,1000}>[\s\S]*?(?:<\/\k<name>\s*>|$)/giu;
const TAG = new RegExp(`</?(?:${TAGS})\\b[^>]{0,2000}>`, "giu");

/** What people see of a piece of raw HTML in Markdown: its words, without comments and tags. */
export function withoutTags(html: string): string {
  return html.replaceAll(COMMENTS, "").replaceAll(UNSEEN, "").replaceAll(TAG, "");
}
