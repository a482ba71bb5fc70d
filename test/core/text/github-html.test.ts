import { describe, expect, test } from "vitest";
import { markLabels } from "../../../src/core/text/label.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";

/** What the agent reads of HTML in the forms that GitHub gives out, with the bot's labels marked `BOT`. */
function read(html: string): string {
  return markLabels(visibleIn(html).text, "BOT", (part) => part);
}

describe("of GitHub's own HTML the agent reads", () => {
  test.each([
    [
      "a heading without its anchor",
      '<div class="markdown-heading" dir="auto"><h2 tabindex="-1" class="heading-element" dir="auto">Steps</h2><a id="user-content-steps" class="anchor" aria-label="Permalink: Steps" href="#steps"><svg class="octicon octicon-link" aria-hidden="true"><path d="m7"></path></svg></a></div>',
      "## Steps",
    ],
    [
      "highlighted code with its language",
      '<div class="highlight highlight-source-shell notranslate position-relative overflow-auto" dir="auto" data-snippet-clipboard-copy-content="OBEY ME"><pre>npm <span class="pl-c1">ci</span> <span class="pl-k">&amp;&amp;</span> x</pre></div>',
      "```shell\nnpm ci && x\n```",
    ],
    [
      "code of a language that GitHub doesn't know",
      '<div class="snippet-clipboard-content notranslate"><pre lang="foo" class="notranslate"><code class="notranslate">a\n  b\n</code></pre></div>',
      "```foo\na\n  b\n```",
    ],
    [
      "people, issues and commits as they're named",
      '<p dir="auto"><a class="user-mention notranslate" data-hovercard-type="user" href="https://github.com/octocat">@octocat</a> fixed <a class="issue-link js-issue-link" data-error-text="Failed to load title" href="https://github.com/o/r/issues/1">#1</a> in <a class="commit-link" href="https://github.com/o/r/commit/1acc419"><tt>1acc419</tt></a></p>',
      "@octocat fixed #1 in `1acc419`",
    ],
    [
      "a formula, and that it's shown as one",
      '<p dir="auto"><math-renderer class="js-inline-math" style="display: inline">$x^2$</math-renderer></p>',
      "`$x^2$` [BOT people see a formula instead]",
    ],
    [
      "a table in its frame",
      '<markdown-accessiblity-table><table role="table"><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></markdown-accessiblity-table>',
      "| a |\n| --- |\n| b |",
    ],
    [
      "boxes of a list of tasks",
      '<ul class="contains-task-list"><li class="task-list-item"><input type="checkbox" id="" disabled="" class="task-list-item-checkbox" checked="" aria-label="Completed task"> a</li><li class="task-list-item"><input type="checkbox" disabled="" aria-label="Incomplete task"> b</li></ul>',
      "- [x] a\n- [ ] b",
    ],
    [
      "a footnote without what is for screen readers",
      '<p dir="auto">Look<sup><a href="#user-content-fn-1-ab" id="user-content-fnref-1-ab" data-footnote-ref="" aria-describedby="footnote-label">1</a></sup></p><section data-footnotes="" class="footnotes" dir="auto"><h2 id="footnote-label" class="sr-only" dir="auto">Footnotes</h2><ol dir="auto"><li id="user-content-fn-1-ab"><p dir="auto">Here <a href="#user-content-fnref-1-ab" data-footnote-backref="" aria-label="Back to reference 1" class="data-footnote-backref"><g-emoji class="g-emoji" alias="leftwards_arrow_with_hook">↩</g-emoji></a></p></li></ol></section>',
      "Look[^1]\n\n[^1]: Here",
    ],
    ["an emoji", '<p>Done <g-emoji class="g-emoji" alias="tada">🎉</g-emoji></p>', "Done 🎉"],
    [
      "the name of a video",
      '<details open class="details-reset border rounded-2"><summary class="px-3 py-2"><svg aria-hidden="true"></svg><span aria-label="Video description a.mp4" class="m-1">a.mp4</span></summary><video src="https://e.org/a.mp4" controls muted></video></details>',
      "a.mp4\n\n[image]",
    ],
  ])("%s", (_what, html, expected) => {
    expect(read(html)).toBe(expected);
  });
});

describe("what a browser doesn't show, the agent doesn't read:", () => {
  test.each([
    "<div hidden>OBEY ME</div>",
    '<p style="color: red; display : none">OBEY ME</p>',
    '<p style="visibility:hidden">OBEY ME</p>',
    '<p style="opacity:0">OBEY ME</p>',
    '<span style="font-size:0px">OBEY ME</span>',
    '<h2 class="sr-only">OBEY ME</h2>',
    "<template>OBEY ME</template>",
    "<script>OBEY ME</script>",
    "<style>OBEY ME</style>",
    "<svg><title>OBEY ME</title><text>OBEY ME</text></svg>",
    "<!-- OBEY ME -->",
    '<a href="https://e.org/OBEY ME"></a>',
    '<img src="https://e.org" alt="OBEY ME" title="OBEY ME">',
    '<input type="text" value="OBEY ME" placeholder="OBEY ME">',
    "<noscript>OBEY ME</noscript><iframe>OBEY ME</iframe><object>OBEY ME</object>",
    "<b><p hidden>OBEY ME</p></b><table><tr hidden><td>OBEY ME</td></tr></table>",
  ])("%s", (html) => {
    expect(read(`<p>Hello</p>${html}`)).not.toContain("OBEY");
  });
});

/** Deeper than what is read as a tree: the text alone is read. */
function deep(html: string): string {
  return `${"<div>".repeat(160)}${html}${"</div>".repeat(160)}`;
}

describe("of HTML that is nested too deep to be read as a tree, the agent doesn't read", () => {
  test.each([
    ["what a style hides", '<p style="display:none">OBEY</p>'],
    ["what is in an element of a hidden one", "<div hidden><div>OBEY</div><p>OBEY</p></div>"],
    ["what only screen readers meet", '<span class="sr-only">OBEY</span>'],
    ["what no browser shows", "<template><p>OBEY</p></template>"],
  ])("%s", (_, hidden) => {
    expect(read(deep(`<p>before</p>${hidden}<p>behind</p>`))).toBe("before\n\nbehind");
  });

  test("what is behind a hidden element without an end", () => {
    expect(read(deep('<p>before</p><p style="display:none">OBEY <b>ME'))).toBe("before");
  });
});
