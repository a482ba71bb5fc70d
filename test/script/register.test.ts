import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Browser, Page } from "../../sandbox/browser.ts";
import { createBrowser, headingOf } from "../../sandbox/browser.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { textOf } from "../web/browser.ts";
import type { Registering } from "./registration/registering.ts";
import { listening, startRegister } from "./registration/registering.ts";

let github: LoopbackGitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

const gitHubVariables = () => ({ GHE_HOST: github.host, GHE_PROTOCOL: "http" });

/** Starts the program, and a browser in which the organization's owner is signed in to GitHub. */
async function begin(directory: string, ...args: string[]) {
  const registering = await startRegister({ directory, args, variables: gitHubVariables() });
  const browser = createBrowser(`http://${github.host}`);
  await browser.open("/login");
  await browser.submit("/login", { login: "octocat", return_to: "/login" });
  return { registering, browser };
}

/** From our first page over GitHub's; gives what the browser comes back to. */
async function register(
  { url }: Pick<Registering, "url">,
  browser: Browser,
  { name, list = "/settings/apps" }: { readonly name: string; readonly list?: string },
): Promise<Page> {
  await browser.open(url);
  await browser.submit(`${list}/new`);
  return browser.submit(list, { name });
}

/** What `docker run --env-file` makes of it: lines, with all that's behind the equals sign as the value. */
function dockerVariables(text: string): Readonly<Record<string, string>> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

test("an App for sessions on one's own machines asks for one permission more", async () => {
  const { registering, browser } = await begin(temporaryDirectory(), "--self-hosted");
  const first = await browser.open(registering.url);
  const [, manifest = ""] = /name="manifest" value="(?<json>[^"]*)"/u.exec(first.html) ?? [];
  expect(JSON.parse(manifest.replaceAll("&quot;", '"'))).toMatchObject({
    default_permissions: { contents: "write", pull_requests: "write" },
  });
  expect(textOf(first.html)).toMatch(
    /Contents\s*: read and write.*To push what agents commit in sessions on your own machines/su,
  );
  await register(registering, browser, { name: "For own machines" });
  const { output } = await registering.ended;
  expect(output).toContain("Set SELF_HOSTED=on and SELF_HOSTED_REPOSITORIES in .env, and install");
});

test("an App is registered, .env gets what the bot needs, and the program ends by itself", async () => {
  const directory = temporaryDirectory();
  const file = join(directory, ".env");
  writeFileSync(file, "# Ours\nAPP_ID=\nLOG_LEVEL=warn\nPUBLIC_URL=https://people.example.com/\n", {
    mode: 0o644,
  });
  const { registering, browser } = await begin(directory);
  const first = await browser.open(registering.url);
  const [, manifest = ""] = /name="manifest" value="(?<json>[^"]*)"/u.exec(first.html) ?? [];
  expect(JSON.parse(manifest.replaceAll("&quot;", '"'))).toMatchObject({
    name: "copilot-task-bot",
    hook_attributes: { url: "https://bot.example.com/api/github/webhooks" },
    callback_urls: ["https://people.example.com/oauth/callback"],
    setup_url: "https://people.example.com/setup",
    setup_on_update: true,
    request_oauth_on_install: false,
    public: false,
    redirect_url: `${registering.url}/registered`,
    default_permissions: { issues: "write", contents: "read" },
  });
  expect(first.headers.get("content-security-policy")).toContain(
    `form-action 'self' http://${github.host}`,
  );

  const last = await register(registering, browser, { name: "Our bot" });
  const { output, errors, code } = await registering.ended;
  expect({ code, errors, heading: headingOf(last) }).toEqual({
    code: 0,
    errors: "",
    heading: "The App is registered",
  });
  const keyFile = join(directory, "private-key.pem");
  const install = `http://${github.host}/apps/our-bot/installations/new`;
  expect(textOf(last.html)).toContain(`Its settings and its key are in ${file} and ${keyFile}.`);
  expect(last.html).toContain(`href="${install}"`);
  const shown = output
    .replace(registering.url, "http://127.0.0.1:3000/KEY")
    .replaceAll(github.host, "HOST")
    .replaceAll(directory, "DIRECTORY");
  expect(shown).toMatchInlineSnapshot(`
    "To register the App for your account on HOST, open this page in a browser on this machine:

      http://127.0.0.1:3000/KEY

    Waiting for GitHub's answer. Press Ctrl-C to stop.

    GitHub registered Our bot for octocat: http://HOST/apps/our-bot
    Its settings and its key are in DIRECTORY/.env and DIRECTORY/private-key.pem. Only you can read them.

    What's left to do:

    1. Choose whose Copilot the sessions use
       If everyone uses their own, there's nothing to do: the bot asks people to connect it. To use one account for all, set COPILOT_GITHUB_TOKEN in .env, and remove GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PUBLIC_URL, and ENCRYPTION_KEYS.
    2. Start the bot
       Run script/server. It listens on port 3000: have your load balancer or proxy forward https://bot.example.com to it.
    3. Check it
       Run script/doctor. Until the App is installed, it warns about that.
    4. Install the App on your repositories: http://HOST/apps/our-bot/installations/new
       If people connect their Copilot, GitHub then opens https://people.example.com/setup, where the bot shows what's still missing.
    5. Try it
       In an issue of such a repository, comment /copilot triage."
  `);

  const text = readFileSync(file, "utf8");
  expect(text).toMatch(
    /^# Ours\nAPP_ID=\d+\nLOG_LEVEL=warn\nPUBLIC_URL=https:\/\/people.example.com\/\n/u,
  );
  const { ENCRYPTION_KEYS = "", WEBHOOK_SECRET = "", ...rest } = dockerVariables(text);
  const { GITHUB_CLIENT_SECRET = "" } = rest;
  expect(parseEnv(text)).toEqual({ ENCRYPTION_KEYS, WEBHOOK_SECRET, ...rest });
  expect(rest).toEqual({
    LOG_LEVEL: "warn",
    PUBLIC_URL: "https://people.example.com/",
    APP_ID: expect.stringMatching(/^\d+$/u),
    PRIVATE_KEY_PATH: "private-key.pem",
    GITHUB_CLIENT_ID: expect.stringMatching(/^Iv23li/u),
    GITHUB_CLIENT_SECRET: expect.stringMatching(/^[0-9a-f]{40}$/u),
    ...gitHubVariables(),
  });
  expect(Buffer.from(ENCRYPTION_KEYS, "base64")).toHaveLength(32);
  // The bot starts with it.
  const { connecting } = readEnvironment({ ...parseEnv(text), PRIVATE_KEY_PATH: keyFile });
  expect(connecting?.publicUrl).toBe("https://people.example.com");
  expect(readFileSync(keyFile, "utf8").trim()).toBe(github.privateKey.trim());
  expect([statSync(file).mode & 0o777, statSync(keyFile).mode & 0o777]).toEqual([0o600, 0o600]);
  for (const secret of [WEBHOOK_SECRET, GITHUB_CLIENT_SECRET, ENCRYPTION_KEYS, "PRIVATE KEY"]) {
    expect(secret).not.toBe("");
    expect(output + last.html).not.toContain(secret);
  }
});

test("what doesn't belong to the registration is refused, and it goes on, for an organization too", async () => {
  const directory = temporaryDirectory();
  const { registering, browser } = await begin(directory, "--organization", "octo-org");
  const { url, port } = registering;
  const first = await browser.open(`${url}?name=taken+${"x".repeat(40)}`);
  const list = "/organizations/octo-org/settings/apps";
  expect(first.html).toContain(`action="http://${github.host}${list}/new?state=`);
  expect(first.html).toContain(`&quot;name&quot;:&quot;taken ${"x".repeat(28)}&quot;`);
  expect(textOf(first.html)).toContain("The organization octo-org on");
  const [, state = ""] = /\?state=(?<state>[\w-]+)"/u.exec(first.html) ?? [];

  const see = async (path: string) => {
    const page = await browser.open(path);
    return `${page.status} ${headingOf(page)}`;
  };
  const wrong = "403 This isn't an answer to this registration";
  expect(await see(`${url}/registered?code=c0de&state=${state.slice(1)}`)).toBe(wrong);
  expect(await see(`${url}/registered?code=c0de`)).toBe(wrong);
  expect(await see(`${url}/registered?state=${state}`)).toBe("400 GitHub registered no App");
  const expired = "410 GitHub doesn't accept this code anymore";
  expect(await see(`${url}/registered?code=c0de&state=${state}`)).toBe(expired);
  expect(await see(`${url}/registered?code=../app&state=${state}`)).toBe(expired);
  expect(await see(`http://127.0.0.1:${port}/`)).toBe("404 Page not found");

  // As another site has browsers ask.
  const own = { host: `127.0.0.1:${port}` };
  expect(await statusOf(url, { ...own })).toBe(200);
  expect(await statusOf(url, { host: `localhost:${port}` })).toBe(200);
  expect(await statusOf(url, { host: `evil.example.com:${port}` })).toBe(403);
  expect(await statusOf(url, { ...own, origin: "https://evil.example.com" })).toBe(403);
  expect(await statusOf(url, { ...own, origin: "null" })).toBe(403);
  expect(await statusOf(url, { ...own, ...NO_NAVIGATION })).toBe(403);
  expect(await statusOf(url, own, "POST")).toBe(404);
  expect(readdirSync(directory)).toEqual([]);

  // GitHub can't be reached just when it has registered the App.
  github.failNext({ method: "POST", path: /^\/app-manifests\// }, "drop");
  const failed = await register(registering, browser, { name: "Organization's bot", list });
  expect([failed.status, headingOf(failed)]).toEqual([502, "GitHub didn't respond"]);
  expect(failed.html).not.toContain(state);
  const last = await browser.open(failed.url);
  expect(textOf(last.html)).toContain("GitHub registered Organization's bot for octo-org.");
  expect(await registering.ended).toMatchObject({
    code: 0,
    errors: "",
    output: expect.stringContaining("GitHub didn't respond: other side closed. Check the network"),
  });
});

const NO_NAVIGATION = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };

/** Asks as fetch doesn't: with whatever headers. */
function statusOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("credentials are kept when .env can't be written anymore", async () => {
  const directory = temporaryDirectory();
  const { registering, browser } = await begin(directory);
  mkdirSync(join(directory, ".env"));
  const last = await register(registering, browser, { name: "Kept bot" });
  const { output, code } = await registering.ended;
  expect(code).toBe(73);
  const kept = readdirSync(directory).find((name) => name.startsWith(".env.registered-")) ?? "";
  const file = join(directory, kept, ".env");
  const said = `Its settings couldn't be written to .env: it's a directory. They're in ${file} and`;
  expect(textOf(last.html)).toContain(said);
  expect(output).toContain(said);
  expect(readFileSync(file, "utf8")).toContain("GITHUB_CLIENT_SECRET=");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the program while it waits", async (signal) => {
  const variables = gitHubVariables();
  const registering = await startRegister({ directory: temporaryDirectory(), variables });
  registering.kill(signal);
  expect(await registering.ended).toMatchObject({ code: 130, errors: "" });
});

test.each([
  ["the browser is closed", null, 0],
  ["the program is stopped, too", "SIGINT", 130],
] as const)(
  "what GitHub is just giving is written before the program ends, though %s",
  async (_what, signal, code) => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const slow = createServer((message, response) => {
      const give = () =>
        response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(GIVEN));
      if (message.method !== "POST") {
        give();
        return;
      }
      asked.resolve();
      void answered.promise.then(give);
    });
    onTestFinished(() => slow[Symbol.asyncDispose]());
    const directory = temporaryDirectory();
    const variables = { GHE_HOST: `127.0.0.1:${await listening(slow)}`, GHE_PROTOCOL: "http" };
    const registering = await startRegister({ directory, variables });
    const browser = createBrowser();
    const [, state = ""] =
      /\?state=(?<state>[\w-]+)"/u.exec((await browser.open(registering.url)).html) ?? [];
    const closed = new AbortController();
    const page = fetch(`${registering.url}/registered?code=c0de&state=${state}`, closed);
    await asked.promise;
    closed.abort();
    await expect(page).rejects.toThrow("aborted");
    if (signal !== null) registering.kill(signal);
    await expect.poll(() => statusOf(`${registering.url}/nothing`, {})).toBe(404);
    answered.resolve();
    expect(await registering.ended).toMatchObject({ code });
    expect(readFileSync(join(directory, ".env"), "utf8")).toContain("APP_ID=123456\n");
    expect(readFileSync(join(directory, "private-key.pem"), "utf8")).toBe(GIVEN.pem);
  },
);

/** What GitHub gives for a registration's code: https://docs.github.com/rest/apps/apps#create-a-github-app-from-a-manifest. */
const GIVEN = {
  id: 123_456,
  name: "copilot-task-bot",
  owner: { login: "octocat" },
  html_url: "https://github.com/apps/copilot-task-bot",
  client_id: "Iv23liAbCdEfGhIjKlMn",
  client_secret: "1726be1638095a19edd134c77bde3aa2ece1e5d8",
  webhook_secret: "e340154128314309424b7c8e90325147d99fdafa",
  pem: "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
};
