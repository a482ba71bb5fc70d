import { renderHtml } from "../sandbox/github/render.ts";
import { program } from "../script/lib/program.ts";
import { createCleaner } from "../src/core/prompt/cleaner.ts";

program(
  "node bench/visible.ts",
  "Measures what a prompt costs on one core: 64 kB of ordinary Markdown, and texts of the same length that are made to be slow, as written and as if they were the HTML themselves (the fake GitHub takes longer to render them). Exits with 1 when ordinary text takes more than 400 ms, or any other text more than 2 seconds.",
).parse();

const SIZE = 65_536;
const MAX_ORDINARY_MS = 400;
const MAX_MS = 2_000;

const ORDINARY = `## What happens

When I run \`npm run build -- --mode=production\` on a machine with less than 4 GB of memory, the process
is killed by the kernel after about two minutes. It used to work with version 2.3.1 (see #482), so this
looks like a regression. The documentation at https://example.com/docs/build says that *streaming* is on
by default, but \`stream\` has **no** effect: see [the page about options](https://example.com/options#stream).

1. Clone the repository and check out the tag \`v2.4.0\`.
2. Install the dependencies.
3. Run the build, and watch the memory:
   - with \`top\`
   - or with [btop](https://example.com/btop "a monitor")

\`\`\`ts
export async function build(options: Options): Promise<Result<Output, Error>> {
  const files = await glob(options.include ?? ["src/**/*.ts"]);
  if (files.length < 1 && options.strict) throw new Error("nothing to build");
  return files.map((file) => compile(file, { target: "es2024", minify: !options.debug }));
}
\`\`\`

<!-- Please fill in the following -->

| Version | Works | Memory |
| ------- | ----- | ------ |
| 2.3.1   | yes   | 900 MB |
| 2.4.0   | no    | 4.1 GB |

> I have seen the same on our build server. We went back to the version before, and all was well again.
> Is there anything that we can try?

<details>
<summary>The log</summary>

\`\`\`
[12:00:01] INFO  starting 4 workers (pid 4711)
[12:01:59] WARN  heap is 92 % full; 1 > 0 && 2 < 3
[12:02:03] FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
    at Worker.run (/srv/app/node_modules/builder/dist/worker.js:118:23)
\`\`\`

</details>

It would be great if somebody could look at this; we'd be glad to help with testing. Environment: Ubuntu
22.04, Node 20.11.1, 8 cores. Nothing else of note was running at the time, and the disk was half empty.
The second machine, which has 16 GB, shows nothing of the kind. ![screenshot](https://example.com/a.png)

- [x] I searched for similar issues
- [ ] I can make a pull request &amp; tests

`;

/** No two paragraphs alike: some are parsed only once. */
function ordinaryText(): string {
  let text = "";
  for (let copy = 0; text.length < SIZE; copy += 1) {
    text += ORDINARY.replaceAll("2.4.0", `2.4.${copy}`)
      .replaceAll("btop", `btop-${copy}`)
      .replaceAll("a.png", `${copy}.png`);
  }
  return text.slice(0, SIZE);
}

function repeat(piece: string): string {
  return piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);
}

function halves(first: string, second: string): string {
  return first.repeat(SIZE / 2 / first.length) + second.repeat(SIZE / 2 / second.length);
}

/** Pieces that repeated make a parser slow. */
const REPEATED = {
  brackets: "[",
  "closing brackets": "]",
  "pairs of brackets": "[]",
  "bracketed letters": "[a]",
  "links with titles": '[a](b "c") ',
  "links with titles in paragraphs": '[a](b "c")\n\n',
  "links with odd addresses": "[a](<b c>) ",
  images: "![a](b)",
  "images in paragraphs": "![a](b)\n\n",
  "images in items": "- ![a](b)\n",
  "images in cells": "|![a](b)\n|-\n",
  "beginnings of images": "![",
  "beginnings of links": "[a](",
  "references and definitions": "[a][b]\n\n[b]: c\n\n",
  definitions: "[a]: b\n",
  "definitions in paragraphs": "[a]: b\n\n",
  "definitions with underlines": "[a]: b\n===\n\n",
  "definitions with open titles": '[a]: b "\n',
  "footnotes and calls": "[^1]\n\n[^1]: a\n\n",
  "calls of footnotes": "[^1] ",
  "nested footnotes": "[^a]: ",
  "empty links": "[](a)",
  angles: "<",
  tags: "<b>",
  "tags with attributes": '<b a="c">',
  "tags in paragraphs": "a <b>\n\n",
  "open tags": "<a ",
  "open attributes": '<a b="',
  "hidden elements": "<p hidden>",
  "hidden and shown elements": "<p hidden>a</p>b",
  "end tags": "</p>",
  comments: "a <!-- b -->",
  "open comments": "<!--",
  "open comments in paragraphs": "a <!--\n\n",
  "open instructions": "a <?",
  "open declarations": "a <!A ",
  "open CDATA": "a <![CDATA[",
  "blocks of HTML": "<div>\n\n",
  "blocks of raw text": "<style>\n</style>\n\n",
  "attributes of one kind": "<p a>",
  backticks: "`",
  "runs of backticks": "`` ` ",
  "code spans": "`<` ",
  "code spans in paragraphs": "`<b>` <\n\n",
  fences: "```\n\n",
  "open fences with text": "``` <b>\n",
  quotes: ">",
  "quotes on lines": "> > > > a\n",
  "lazy lines": "> a\nb\n",
  bullets: "- ",
  "nested items": "  - a\n",
  numbers: "1. ",
  rules: "* ",
  tabs: "\t",
  blanks: " ",
  lines: "\n",
  "lines of a letter": "a\n",
  "rows of a table": "|a\n|-\n",
  pipes: "|",
  "rows with backslashes": "\\|",
  references: "&amp;",
  "nested references": "&amp;amp;amp;",
  "beginnings of references": "&#1",
  ampersands: "&",
  semicolons: "&;",
  backslashes: "\\[",
  stars: "*a",
  "stars around": "*a_ ",
  "zero-width spaces": "\u200B",
  "joiners between emoji": "\u{1F469}\u200D",
  "selectors behind emoji": "\u{1F469}\uFE0F\uFE0F",
  "Arabic with joiners": "\u0628\u200C",
  tag: "\u{E0041}",
  "lone surrogates": "\uD800",
  escapes: "\u001B[",
  "operating system commands": "\u001B]8;;",
  "control characters": "\u0001",
  "beginnings of tokens": "ghp_",
  "beginnings of web tokens": "eyJ",
  "web tokens with dots": "eyJaaaaaaaaaa.",
  "beginnings of keys": "sk-",
  "passwords in addresses": "://a:b",
  "beginnings of private keys": "-----BEGIN PRIVATE KEY-----\n",
  "private keys": "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
  "ordinary words": "lorem ipsum, ",
} as const satisfies Record<string, string>;

const SLOW: ReadonlyMap<string, string> = new Map([
  ...Object.entries(REPEATED).map(([name, piece]) => [name, repeat(piece)] as const),
  ["nested brackets", halves("[", "]")],
  ["nested images", halves("![", "](b)")],
  ["nested links", halves("[", "](b)")],
  ["nested elements", halves("<p hidden>", "</p>")],
  ["nested parentheses", `[a](${"(".repeat(SIZE / 2)}${")".repeat(SIZE / 2)}`],
  ["nested references to amp", `&${"amp;".repeat(SIZE / 4)}lt;`],
  ["nested digits", halves("&#1", "&#49;;")],
  ["runs of backticks of all lengths", repeat(backtickRuns())],
  ["one tag with many attributes", `<a ${attributes()}>`],
  ["items on blank lines", `${"- ".repeat(30)}a${"\n".repeat(SIZE - 61)}`],
  ["quotes of quotes", Array.from({ length: 360 }, (_, depth) => ">".repeat(depth)).join("\n")],
  ["one definition for many references", `[a]: b\n\n${"[c][a] ".repeat(SIZE / 7)}`],
]);

function backtickRuns(): string {
  return Array.from({ length: 80 }, (_, index) => `${"`".repeat(index + 1)} `).join("");
}

function attributes(): string {
  return Array.from({ length: SIZE / 8 }, (_, index) => `a${index}=b`).join(" ");
}

/** Milliseconds of the processor, the middle one of several runs. */
function measure(source: string, html: string | null, rounds: number): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const cleaner = createCleaner("9f86d081884c7d659a2feaa0c55ad015");
    cleaner.marked(cleaner.visible({ source, html }), 8_000);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return times.toSorted((one, other) => one - other)[rounds >> 1] ?? 0;
}

function row(name: string, milliseconds: number): string {
  return `${name.padEnd(60)} ${milliseconds.toFixed(1).padStart(8)} ms\n`;
}

const ordinary = ordinaryText();
const rendered = renderHtml(ordinary);
measure(ordinary, rendered, 5);
const median = measure(ordinary, rendered, 11);
process.stdout.write(row("ordinary Markdown, as GitHub's HTML", median));
process.stdout.write(row("ordinary Markdown, as written", measure(ordinary, null, 5)));
let worst = 0;
for (const [name, text] of SLOW) {
  const forms = { "as written": null, "as if it were HTML": text };
  for (const [form, html] of Object.entries(forms)) {
    const milliseconds = measure(text, html, 3);
    worst = Math.max(worst, milliseconds);
    process.stdout.write(row(`${name}, ${form}`, milliseconds));
  }
}
process.stdout.write(row("the slowest", worst));
if (median > MAX_ORDINARY_MS || worst > MAX_MS) process.exitCode = 1;
