import { describe, expect, test } from "vitest";
import { parseCommand } from "../../../src/core/command/parse.ts";

const IMAGE = '<img width="600" alt="Image" src="https://example.com/a.png" />';

describe("a command is executed", () => {
  test.each([
    ["below an image that GitHub has put in", `${IMAGE}\n/triage`],
    ["below two images", `${IMAGE}\n${IMAGE}\n/triage`],
    ["below an image in Markdown", "![a](https://example.com/a.png)\n/triage"],
    ["below an image in a paragraph", `<p align="center">${IMAGE}</p>\n/triage`],
    ["below an image in a link", `<a href="https://example.com">${IMAGE}</a>\n/triage`],
    ["below a picture", `<picture>\n<source srcset="a">\n${IMAGE}\n</picture>\n/triage`],
    ["below a video", '<video src="https://example.com/a.mp4"></video>\n/triage'],
    ["below a line break in HTML", "Look.<br>\n/triage"],
    ["below a <details> that is closed", "<details>\n<summary>a</summary>\nb\n</details>\n/triage"],
    ["below one with a list", "<details>\n\n- a\n- b\n</details>\n\n/triage"],
    ["below a <blockquote> that is closed", "<blockquote>a</blockquote>\n/triage"],
    ["below code in a sentence", "Set <code>a</code> there.\n/triage"],
    ["between two <details>", "<details>a</details>\n\n/triage\n\n<details>b</details>"],
    ["in a <div> with empty lines around it", '<div align="left">\n\n/triage\n\n</div>'],
    ["below a word that looks like a tag", "A List<T> of it.\n\n/triage"],
    ["below a <p> that nothing ends", `<p>\n${IMAGE}\n/triage`],
    ["below a tag over several lines", '<img\n  alt="a"\n  src="b"\n>\n/triage'],
    ["below a comment", "<!-- </details> -->\n/triage"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toMatchObject({ name: "triage" });
    expect(parseCommand(markdown)).not.toHaveProperty("misplaced");
  });
});

/** An element around a command, in the ways in which people write it. */
function around(tag: string, attributes = ""): [where: string, markdown: string][] {
  return [
    [`<${tag}${attributes}>`, `<${tag}${attributes}>\n\n/triage\n\n</${tag}>\n\nNo.`],
    [`<${tag}${attributes}> without empty lines`, `<${tag}${attributes}>\n/triage\n</${tag}>`],
    [`<${tag}${attributes}> in a line`, `a <${tag}${attributes}>\n/triage\n</${tag}>`],
    [`<${tag}${attributes}> around the line`, `<${tag}${attributes}>/triage</${tag}>`],
  ];
}

describe("a command is quoted, hidden, or code, and gets no reply", () => {
  test.each<[where: string, markdown: string]>([
    ...["blockquote", "details", "pre", "code", "samp", "kbd", "q", "del", "s"].flatMap((tag) =>
      around(tag),
    ),
    ...["template", "textarea", "script", "style", "svg", "BLOCKQUOTE"].flatMap((tag) =>
      around(tag),
    ),
    ...around("div", " hidden"),
    ...around("div", ' style="display:none"'),
    ...around("span", ' aria-hidden="true"'),
    ...around("div", ' class="sr-only"'),
    ["a comment", "<!--\n/triage\n-->"],
    ["a comment with an empty line", "<!--\n\n/triage\n\n-->"],
    ["an attribute", 'a <b title="\n/triage\n">c</b>'],
    ["an attribute with an empty line", '<div title="\n\n/triage\n\n">'],
    ["a <details> in a <div>", "<div>\n<details>\n\n/triage\n\n</details>\n</div>"],
    ["a list in a <details>", "<details>\n\n- a\n/triage\n\n</details>"],
    ["a <details> with a forged end", "<details>\n\n<!-- </details> -->\n\n/triage\n\n</details>"],
    ["one with an end in code", "<details>\n\n`</details>`\n\n/triage\n\n</details>"],
    ["one with an end in an attribute", '<details>\n\n<i t="</details>">\n\n/triage\n\n</details>'],
    ["a <summary> in a <details>", "<details><summary>\n\n/triage\n\n</summary></details>"],
    ["a quote in a <blockquote>", "<blockquote>\n\n> a\n\n/triage\n\n</blockquote>"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toBeNull();
  });
});

describe("a command may have been meant", () => {
  test.each([
    ["in bold", "<b>/triage</b>"],
    ["in a heading", "<h2>/triage</h2>"],
    ["in a heading with empty lines", "<h2>\n\n/triage\n\n</h2>"],
    ["in a paragraph in HTML", '<p align="center">/triage</p>'],
    ["in a <div> without empty lines", "<div>\n/triage\n</div>"],
    ["in an item of a list in HTML", "<ul>\n<li>\n\n/triage\n\n</li>\n</ul>"],
    ["in a cell", "<table><tr><td>\n\n/triage\n\n</td></tr></table>"],
    ["in a <details> that is open", "<details open>\n\n/triage\n\n</details>"],
    ["behind an image on its line", `${IMAGE} /triage`],
    ["behind an image in Markdown on its line", "![a](b) /triage"],
    ["below a <details> that nothing ends", "The <details> element is broken.\n\n/triage"],
    ["below a <blockquote> that nothing ends", "<blockquote>\n\na\n\n/triage"],
  ])("%s", (_where, markdown) => {
    expect(parseCommand(markdown)).toEqual({
      name: "triage",
      instructions: "",
      misplaced: "element",
    });
  });
});
