import { describe, expect, test } from "vitest";
import { renderHtml } from "../../../sandbox/github/render.ts";
import { leftOutOf } from "../../../src/core/text/left-out.ts";
import { clean } from "../../../src/core/text/clean.ts";
import { markLabels } from "../../../src/core/text/label.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";
import { whatEnds } from "../../watchdog.ts";

/** The longest text that GitHub takes. */
const LENGTH = 65_536;

/** Everything that becomes of a text. What it costs is measured by bench/visible.ts. */
function read(source: string, html: string): void {
  const { text } = visibleIn(html);
  markLabels(text, "BOT", (part) => clean(part).text);
  leftOutOf(source, text);
}

function filled(piece: string): string {
  return piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);
}

/** HTML as long as 64 kB of a piece of Markdown make, without the sandbox's renderer having to read all of it. */
function rendered(piece: string): string {
  return renderHtml(piece).repeat(Math.ceil(LENGTH / piece.length));
}

describe("64 kB are read to their end, whatever is repeated in them:", () => {
  // As GitHub would make HTML of them.
  test.each([
    ["quotes", `${"> ".repeat(50)}a\n\n`],
    ["emphasis", "*a **b** _c_* "],
    ["links", "[a](https://e.org) "],
    ["links that don't end", "[a]("],
    ["images", "![a](b) "],
    ["comments", "<!-- a -->"],
    ["tables", "| a |\n|---|\n| b |\n\n"],
    ["sections", "<details><summary>a</summary>b</details>\n"],
    ["tags with titles", '<b title="a">b</b>'],
    ["backticks", "`a``b```c "],
    ["references to characters", "&#8203;&lt;"],
    ["definitions", '[a]: b "c"\n'],
    ["footnotes", "a[^1]\n\n[^1]: b\n\n"],
    ["invisible characters", "a\u200B"],
    ["what begins like a key", "-----BEGIN PRIVATE KEY-----\n"],
    ["what begins like a token", "ghp_sk-eyJ"],
    ["passwords", "://a:b"],
  ])("%s", (_what, piece) => {
    expect(() => whatEnds(() => read(filled(piece), rendered(piece)))).not.toThrow();
  });

  // As no renderer makes it.
  test.each([
    ["elements in elements", "<div>"],
    ["formatting in formatting", "<b title='a'>"],
    ["ends without a beginning", "</p></b></table>"],
    ["tables in tables", "<table><tr><td>"],
    ["links in links", "<a href='https://e.org'>"],
    ["comments that don't end", "<!-- "],
    ["tags that don't end", "<b "],
  ])("%s", (_what, piece) => {
    expect(() => whatEnds(() => read(filled(piece), filled(piece)))).not.toThrow();
  });
});
