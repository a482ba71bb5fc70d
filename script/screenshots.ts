import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { renderHtml } from "../sandbox/github/render.ts";
import { EXAMPLES } from "../test/core/comment/examples.ts";
import type { Example } from "../test/core/comment/session-examples.ts";
import { program } from "./lib/program.ts";

const split = (list: string) => list.split(",");

const command = program(
  "script/screenshots",
  "Draws each state of the bot's comment (or only those named) as GitHub would show it, into <directory>/NAME.WIDTH.THEME.png. It needs Chromium (Debian: apt-get install chromium).",
)
  .argument("<directory>", "where the pictures go")
  .argument("[name...]", "states of test/core/comment/examples.ts; all unless named")
  .option("--open", "with what is folded unfolded", false)
  .option("--sheet", "all states on one picture", false)
  .option("--width <pixels>", "widths of the page, with commas between them", split, ["390", "760"])
  .option("--theme <name>", "light, dark, or both with a comma between them", split, [
    "light",
    "dark",
  ])
  .option("--scale <number>", "pixels of the picture for one of the page", "1")
  .parse();
const [directory, names] = command.processedArgs;
const { open, sheet, width: widths, theme: themes, scale } = command.opts();
const run = promisify(execFile);

/** GitHub makes notices of quotes that begin with a word in brackets. */
function withAlerts(html: string): string {
  return html.replaceAll(
    /<blockquote[^>]*>\s*<p[^>]*>\[!(NOTE|IMPORTANT|WARNING|CAUTION)\](?:<br>)?\s*([\s\S]*?)<\/blockquote>/gu,
    (_all, type: string, rest: string) =>
      `<div class="alert ${type.toLowerCase()}"><b>${type[0] ?? ""}${type.slice(1).toLowerCase()}</b><p>${rest}</div>`,
  );
}

/** A page with these comments. */
function pageOf(examples: readonly Example[], theme: string): string {
  const css = readFileSync(new URL("lib/screenshots.css", import.meta.url), "utf8");
  const comments = examples.map(({ name, markdown }) => {
    const html = withAlerts(renderHtml(markdown));
    const body = open ? html.replaceAll("<details>", "<details open>") : html;
    const title = sheet ? `<p class="name">${name}</p>` : "";
    return `${title}<div class="comment"><header><b>copilot-task-bot</b> <span>bot</span> commented</header><div class="body">${body}</div></div>`;
  });
  return `<!doctype html><html data-theme="${theme}"><meta charset="utf-8"><style>${css}</style><body>${comments.join("")}`;
}

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars".split(
    " ",
  );

/** The page reports its height first, because a picture has the size of the window. */
async function draw(page: string, width: number, picture: string, profile: string): Promise<void> {
  const file = join(profile, "page.html");
  const probe = `<script>document.title=String(Math.ceil(document.body.getBoundingClientRect().height))</script>`;
  writeFileSync(file, page + probe);
  const common = [...FLAGS, `--user-data-dir=${profile}`];
  const { stdout } = await run(
    "chromium",
    [...common, `--window-size=${width},800`, "--dump-dom", `file://${file}`],
    { maxBuffer: 50_000_000 },
  );
  const height = /<title>(\d+)<\/title>/u.exec(stdout)?.[1] ?? "800";
  await run("chromium", [
    ...common,
    `--window-size=${width},${height}`,
    `--force-device-scale-factor=${scale}`,
    `--screenshot=${picture}`,
    `file://${file}`,
  ]);
}

async function main(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  const unknown = names.filter((name) => EXAMPLES.every((example) => example.name !== name));
  if (unknown.length > 0) throw new Error(`There's no state ${unknown.join(", ")}.`);
  const examples = EXAMPLES.filter(({ name }) => names.length === 0 || names.includes(name));
  const profile = mkdtempSync(join(tmpdir(), "screenshots-"));
  const pictures = sheet
    ? [{ name: "sheet", of: examples }]
    : examples.map((example) => ({ name: example.name, of: [example] }));
  try {
    for (const { name, of } of pictures) {
      for (const width of widths) {
        for (const theme of themes) {
          const picture = join(into, `${name}.${width}.${theme}.png`);
          await draw(pageOf(of, theme), Number(width), picture, profile);
          console.log(picture);
        }
      }
    }
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

await main(resolve(process.env["CALLED_FROM"] ?? ".", directory));
