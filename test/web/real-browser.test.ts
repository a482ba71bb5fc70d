import { once } from "node:events";
import { createServer } from "node:http";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { hasChromium, launchChromium } from "../../script/lib/chromium.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import type { HttpServer } from "../../src/http/listening.ts";
import type { PagesListener } from "../../src/http/server.ts";
import { serve } from "../../src/http/server.ts";
import { createPagesListener } from "../../src/web/listener.ts";
import { READY } from "../http/started.ts";
import { authorizationOn } from "../identity/authorized.ts";
import type { World } from "./world.ts";
import { createWorld, TASK_ID, WAITING } from "./world.ts";

/** Chromium, with the bot's server and the fake GitHub on this machine. */
describe.skipIf(!hasChromium)("in Chromium", () => {
  let browser: Browser;
  let github: LoopbackGitHub;
  let server: HttpServer;
  let world: World;
  let pages: PagesListener;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complains of: whatever the Content-Security-Policy blocks, for one. */
  let complaints: string[];

  beforeAll(async () => {
    [browser, github] = await Promise.all([launchChromium(), startGitHub()]);
    server = await serve({
      host: "127.0.0.1",
      port: 0,
      keepAliveMs: 5_000,
      maxConnections: 100,
      webhook: () => Promise.reject(new Error("no webhooks here")),
      readiness: () => Promise.resolve(READY),
      pages: (request, response) => pages(request, response),
      log: { error: () => {} },
    });
    github.app.callbackUrls.push(`${server.url}/oauth/callback`);
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await github.close();
  });

  beforeEach(async () => {
    world = createWorld({
      publicUrl: server.url,
      authorization: authorizationOn(github, [], { callbackUrl: `${server.url}/oauth/callback` }),
      hosts: hostsOf({ GHE_HOST: github.host, GHE_PROTOCOL: "http" }),
      now: () => new Date(),
    });
    world.tasks.set(TASK_ID, {
      ...WAITING,
      requesterId: await idOf("writer"),
      requesterLogin: "writer",
    });
    pages = createPagesListener(world.options);
    complaints = [];
    context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
    });
    onTestFinished(() => context.close());
    page = await context.newPage();
    page.on("console", (message) => {
      const { url } = message.location();
      if (!url.includes(github.host)) complaints.push(`${message.text()} (${url})`);
    });
  });

  async function idOf(login: string): Promise<number> {
    const examined = await world.options.authorization.examine(github.oauth.personalToken(login));
    if (examined.type !== "good") throw new Error(`${login} is ${examined.type}`);
    return examined.person.id;
  }

  const sees = (name: string) =>
    page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

  /** Signs in on GitHub's page, and agrees if GitHub doesn't know yet that they do. */
  async function agreeAs(login: string): Promise<void> {
    await press(login);
    await page.waitForURL(({ pathname }) => pathname !== "/login");
    if (new URL(page.url()).host === github.host) await press("Authorize");
  }

  test("somebody connects, sees that the task continues, and disconnects", async () => {
    const referrers: string[] = [];
    page.on("request", (request) => {
      const { host } = new URL(request.url());
      if (host === github.host) referrers.push(request.headers()["referer"] ?? "");
    });
    await page.goto(`${server.url}/connect?task=${TASK_ID}`);
    expect(new URL(page.url()).host).toBe(github.host);
    await agreeAs("writer");
    await sees("Your task continues");
    expect(page.url()).toBe(`${server.url}/connect/task/${TASK_ID}`);
    const link = page.getByRole("link", { name: "Go to octo-org/hello#1" });
    expect(await link.getAttribute("href")).toBe(WAITING.url);
    expect(world.continued).toEqual([await idOf("writer")]);

    await page.goto(`${server.url}/connect`);
    await sees("Your Copilot is connected");
    await page.getByText("Signed in as @writer").waitFor();
    await press("Disconnect");
    await sees("Your Copilot isn't connected");
    expect(world.stored.size).toBe(0);
    // A form leads to GitHub, too, and from there straight back.
    await press("Connect with GitHub");
    await sees("Your Copilot is connected");
    expect(page.url()).toBe(`${server.url}/connect`);
    await press("Sign out");
    await sees("Copilot task bot");
    expect(complaints).toEqual([]);
    // GitHub's own pages are the only ones that it's come to from.
    expect(referrers.filter((referrer) => referrer.startsWith(server.url))).toEqual([]);
  });

  test("somebody who doesn't agree reads so, and can try again", async () => {
    await page.goto(`${server.url}/connect`);
    await press("Connect with GitHub");
    await press("octocat");
    await press("Cancel");
    await sees("You didn't authorize the bot");
    await page.getByRole("link", { name: "Try again" }).click();
    await sees("Connect your Copilot");
    expect(world.stored.size).toBe(0);
  });

  test("another account than the task's is asked for the right one", async () => {
    await page.goto(`${server.url}/connect?task=${TASK_ID}`);
    await agreeAs("reader");
    await sees("Another account is needed");
    await page.getByText("This task was requested by @writer.").waitFor();
    expect(world.stored.size).toBe(0);
    // GitHub lets them choose, although they have agreed with this account.
    await page.getByRole("link", { name: "Sign in as @writer" }).click();
    await agreeAs("writer");
    await sees("Your task continues");
  });

  test("a token is pasted into its field", async () => {
    await connectAs("writer");
    await page.getByLabel("Fine-grained personal access token").fill("github_pat_wrong");
    await press("Use this token");
    expect(await page.getByRole("alert").textContent()).toContain("The token wasn't stored.");
    const token = github.oauth.personalToken("writer");
    await page.getByLabel("Fine-grained personal access token").fill(token);
    await press("Use this token");
    await page.getByText("A fine-grained personal access token", { exact: true }).waitFor();
    expect(page.url()).toBe(`${server.url}/connect`);
    expect(complaints.filter((text) => !text.includes("422"))).toEqual([]);
  });

  describe("another site", () => {
    test("gets nobody disconnected by a form", async () => {
      await connectAs("writer");
      const form = `<form method="post" action="${server.url}/connect/disconnect"><button>Go</button></form>`;
      await page.goto(await otherSite(form));
      await press("Go");
      await sees("This form isn't valid anymore");
      expect(world.stored.size).toBe(1);
    });

    test("can't show the pages in a frame", async () => {
      const blocked = page.waitForEvent("console", (message) =>
        message.text().includes("frame-ancestors 'none'"),
      );
      await page.goto(await otherSite(`<iframe src="${server.url}/connect"></iframe>`));
      await blocked;
      const [, frame] = page.frames();
      await frame?.waitForURL("chrome-error://chromewebdata/");
    });
  });

  test("cookies are the bot's alone", async () => {
    await connectAs("writer");
    const cookies = await context.cookies(server.url);
    const own = cookies.filter(({ name }) => name.startsWith("__Host-"));
    expect(own).toEqual([
      expect.objectContaining({
        name: "__Host-session",
        path: "/",
        httpOnly: true,
        secure: true,
        sameSite: "Lax",
      }),
    ]);
  });

  async function connectAs(login: string): Promise<void> {
    await page.goto(`${server.url}/connect`);
    await press("Connect with GitHub");
    await agreeAs(login);
    await sees("Your Copilot is connected");
  }
});

/** A page on another host; its address. */
async function otherSite(html: string): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end(html);
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  const address = site.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  // Not 127.0.0.1, as the bot is.
  return `http://localhost:${address.port}/`;
}
