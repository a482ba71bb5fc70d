import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "../../script/lib/chromium.ts";
import { commentPage } from "../../script/lib/comment-page.ts";
import { renderComment } from "../../src/core/comment/comment.ts";
import type { GitHubHosts } from "../../src/core/github/hosts.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import { documentedLink } from "../../src/core/session/link.ts";
import { qrCodeOf } from "../../src/core/session/qr-code.ts";
import type { HttpServer } from "../../src/http/listening.ts";
import { serve } from "../../src/http/server.ts";
import { createPagesListener } from "../../src/web/listener.ts";
import { qrSvg } from "../../src/web/qr-image.ts";
import { LINKED, QR_SECRET, SESSION_ID, taskWith } from "../core/task.ts";
import { READY } from "../http/started.ts";
import { scan } from "./scanner.ts";
import { createWorld } from "./world.ts";

/** The bot's server, and a page of another host with its comment, in Chromium; a scanner reads what's on the screen. */
describe.skipIf(!hasChromium)("a picture of the comment, unfolded", () => {
  let browser: Browser;
  let bot: HttpServer;
  let site: Server;
  let hosts: GitHubHosts;
  const world = createWorld();
  const url = `https://github.com/copilot/tasks/${SESSION_ID}`;
  const task = taskWith(LINKED, {
    decision: { qrSecret: QR_SECRET },
    session: { link: { url, source: "session" } },
  });

  beforeAll(async () => {
    const pages = createPagesListener(world.options);
    bot = await serve({
      host: "127.0.0.1",
      port: 0,
      keepAliveMs: 5_000,
      maxConnections: 100,
      webhook: () => Promise.reject(new Error("no webhooks here")),
      readiness: () => Promise.resolve(READY),
      pages: (request, response) => pages(request, response),
      log: { error: () => {} },
    });
    hosts = hostsOf({ GHE_PROTOCOL: "https", connecting: { publicUrl: bot.url } });
    const code = qrCodeOf(task, hosts);
    if (code !== null) world.qrCodes.set(task.id, code);
    site = createServer((request, response) => {
      const theme = request.url === "/dark" ? "dark" : "light";
      const comment = { name: "linked", markdown: renderComment(task, hosts) };
      const html = commentPage([comment], { theme, open: true });
      response.setHeader("content-type", "text/html").end(html);
    });
    site.listen(0, "127.0.0.1");
    [browser] = await Promise.all([launchChromium(), once(site, "listening")]);
  });

  afterAll(async () => {
    await browser.close();
    site.closeAllConnections();
    site.close();
    await bot.close();
  });

  /** What the browser shows. @param width of a phone or a desktop, in its own pixels */
  async function open(theme: string, width: number, deviceScaleFactor: number) {
    const viewport = { width, height: 800 };
    const page = await browser.newPage({ viewport, deviceScaleFactor });
    const address = site.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    // Another host than the bot's.
    await page.goto(`http://localhost:${address.port}/${theme}`, { waitUntil: "load" });
    return page;
  }

  test.each([
    ["light", 320, 1],
    ["dark", 320, 1],
    ["light", 390, 3],
    ["dark", 390, 3],
    ["light", 1280, 2],
    ["dark", 1280, 1],
  ])("%s, %i pixels wide, at %ix, has exactly the link", async (theme, width, scale) => {
    const page = await open(theme, width, scale);
    expect(await scan(await page.screenshot({ fullPage: true }))).toEqual([url]);
    await page.close();
  });

  test.each(["light", "dark"])("can be read from a bad photo of a %s screen", async (theme) => {
    const page = await open(theme, 390, 1);
    await page.addStyleTag({
      content:
        "html { background: #777 } body { transform: perspective(700px) rotate(7deg) rotateY(20deg) scale(.8); filter: blur(.7px) contrast(.6) }",
    });
    const photo = await page.screenshot({ fullPage: true, type: "jpeg", quality: 40 });
    expect(await scan(photo)).toEqual([url]);
    await page.close();
  });

  test("has nothing for a scanner while it's folded", async () => {
    const page = await open("dark", 390, 1);
    await page.getByText("Open on your phone").click();
    expect(await scan(await page.screenshot({ fullPage: true }))).toEqual([]);
    await page.close();
  });

  test("leads to the session when the code is tapped", async () => {
    const page = await open("light", 390, 1);
    const image = page.getByRole("img", { name: "QR code with the link to the session" });
    expect(await image.evaluate(({ parentElement }) => parentElement?.getAttribute("href"))).toBe(
      url,
    );
    await page.close();
  });

  test("is as good with a longer link, on the smallest phone", async () => {
    const long = `${documentedLink(hosts, SESSION_ID)}?${"session=aB3-".repeat(18)}`;
    world.qrCodes.set("long", { path: `/qr/long/${QR_SECRET}`, url: long });
    const page = await open("dark", 320, 2);
    await page.getByRole("img").evaluate((image, src) => {
      image.setAttribute("src", src);
    }, `${bot.url}/qr/long/${QR_SECRET}.png`);
    await page.waitForLoadState("networkidle");
    expect(await scan(await page.screenshot({ fullPage: true }))).toEqual([long]);
    await page.close();
  });

  test.each(["light", "dark"] as const)("is as good as SVG on a %s page", async (colorScheme) => {
    const page = await browser.newPage({ viewport: { width: 320, height: 400 }, colorScheme });
    const background = colorScheme === "dark" ? "#000000" : "#ffffff";
    await page.setContent(`<body style="background: ${background}">${qrSvg(url)}`);
    expect(await scan(await page.screenshot())).toEqual([url]);
    await page.goto(`${bot.url}/qr/${task.id}/${QR_SECRET}.svg`);
    expect(await scan(await page.screenshot())).toEqual([url]);
    await page.close();
  });
});
