import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { program } from "./lib/program.ts";

const split = (list: string) => list.split(",");

const command = program(
  "script/screenshots",
  "Draws each state of the bot's comment (or only those named) as GitHub would show it, or of the bot's own pages, into <directory>/NAME.WIDTH.THEME.png. It needs Chromium (Debian: apt-get install chromium).",
)
  .argument("<directory>", "where the pictures go")
  .argument(
    "[name...]",
    "states of test/core/comment/examples.ts or test/web/page-examples.ts; all unless named",
  )
  .option("--pages", "the bot's pages instead of its comment", false)
  .option("--open", "unfold the comments' details; not for pages", false)
  .option("--sheet", "all comments in one picture; not for pages", false)
  .option("--width <pixels>", "widths of the page, with commas between them", split, ["390", "760"])
  .option("--theme <name>", "light, dark, or both with a comma between them", split, [
    "light",
    "dark",
  ])
  .option("--scale <number>", "pixels of the picture for one of the page", "1")
  .parse();
const [directory, names] = command.processedArgs;
const { pages, open, sheet, width: widths, theme: themes, scale } = command.opts();

// A program that only explains itself needs none of it: to load it takes a second of a processor.
const [{ EXAMPLES }, { LINK }, { PAGE_EXAMPLES }, { qrPng }, { launchChromium }, { commentPage }] =
  await Promise.all([
    import("../test/core/comment/examples.ts"),
    import("../test/core/task.ts"),
    import("../test/web/page-examples.ts"),
    import("../src/web/qr-image.ts"),
    import("./lib/chromium.ts"),
    import("./lib/comment-page.ts"),
  ]);

/** What is drawn: a page for each theme. */
interface Drawing {
  readonly name: string;
  readonly html: (theme: string) => Promise<string> | string;
}

function drawings(): readonly Drawing[] {
  const all = pages ? PAGE_EXAMPLES : EXAMPLES;
  const unknown = names.filter((name) => all.every((example) => example.name !== name));
  if (unknown.length > 0) throw new Error(`There's no state ${unknown.join(", ")}.`);
  const isWanted = ({ name }: { readonly name: string }) =>
    names.length === 0 || names.includes(name);
  if (pages) {
    return PAGE_EXAMPLES.filter(isWanted).map(({ name, html }) => ({
      name,
      html: async () => String(await html),
    }));
  }
  const examples = EXAMPLES.filter(isWanted);
  if (sheet) {
    return [
      { name: "sheet", html: (theme) => commentPage(examples, { theme, open, named: true }) },
    ];
  }
  return examples.map((example) => ({
    name: example.name,
    html: (theme) => commentPage([example], { theme, open }),
  }));
}

/** No bot is there to ask. */
const EXAMPLE_QR = { contentType: "image/png", body: Buffer.from(qrPng(LINK)) };

async function main(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  const all = drawings();
  const browser = await launchChromium();
  try {
    for (const width of widths) {
      for (const theme of themes) {
        const viewport = { width: Number(width), height: 200 };
        const colorScheme = theme === "dark" ? "dark" : "light";
        const deviceScaleFactor = Number(scale);
        const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor });
        await page.route(/\/qr\//u, (route) => route.fulfill(EXAMPLE_QR));
        for (const { name, html } of all) {
          const path = join(into, `${name}.${width}.${theme}.png`);
          await page.setContent(await html(theme));
          await page.screenshot({ path, fullPage: true });
          console.log(path);
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}

await main(resolve(process.env["CALLED_FROM"] ?? ".", directory));
