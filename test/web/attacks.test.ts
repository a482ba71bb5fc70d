import { describe, expect, test } from "vitest";
import type { Granted } from "../../src/ports/authorization.ts";
import type { Browser } from "./browser.ts";
import { formHeaders } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import type { World } from "./world.ts";
import { createWorld, PUBLIC_URL, TASK_ID } from "./world.ts";

const SESSION = "__Host-session";

/** The name of the cookie with which a browser was sent to GitHub. */
function flowOf({ cookies }: Browser): string {
  return [...cookies.keys()].find((name) => name.startsWith("__Host-sign-in-")) ?? "";
}

/** A browser that was sent to GitHub, and the address to which GitHub sends it back. */
async function agreed(world: World, person = OCTOCAT) {
  const browser = world.open();
  await browser.get("/connect");
  const page = (await browser.submit("/connect/start")).location ?? "";
  return { browser, page, back: world.github.agree(page, person) };
}

describe("login CSRF", () => {
  test("an attacker's callback does nothing in the victim's browser", async () => {
    const world = createWorld();
    const { back } = await agreed(world, WRITER);
    expect((await world.open().get(back)).status).toBe(400);
    expect(world.stored.size).toBe(0);
  });

  test("nor while the victim is signing in", async () => {
    const world = createWorld();
    const attacker = await agreed(world, WRITER);
    const victim = await agreed(world, OCTOCAT);
    expect((await victim.browser.get(attacker.back)).status).toBe(400);
    expect(world.stored.size).toBe(0);
  });

  test("nor while the victim is signed in", async () => {
    const world = createWorld();
    const attacker = await agreed(world, WRITER);
    const victim = world.open();
    await world.connect(victim, OCTOCAT);
    expect((await victim.get(attacker.back)).status).toBe(400);
    expect((await victim.get("/connect")).text).toContain("Signed in as @octocat");
    expect([...world.stored.keys()]).toEqual([OCTOCAT.id]);
  });
});

describe("a code", () => {
  test("of another browser is refused, even with the state of one's own", async () => {
    const world = createWorld();
    const attacker = await agreed(world, WRITER);
    const victim = await agreed(world, OCTOCAT);
    const back = new URL(victim.back);
    back.searchParams.set("code", new URL(attacker.back).searchParams.get("code") ?? "");
    expect((await victim.browser.get(back.href)).status).toBe(400);
    expect(world.stored.size).toBe(0);
  });

  test("is taken once, also from whoever kept the cookie", async () => {
    const world = createWorld();
    const { browser, back } = await agreed(world);
    const cookie = `${flowOf(browser)}=${browser.cookies.get(flowOf(browser))}`;
    expect((await browser.get(back)).status).toBe(303);
    expect((await browser.get(back)).status).toBe(400);
    world.stored.clear();
    expect((await browser.send(back, { headers: { cookie } })).status).toBe(400);
    expect(world.stored.size).toBe(0);
  });
});

test("GitHub is asked about 20 codes at once, and the rest is refused", async () => {
  const world = createWorld();
  const waiting: PromiseWithResolvers<Granted>[] = [];
  world.github.exchange = () => {
    const pending = Promise.withResolvers<Granted>();
    waiting.push(pending);
    return pending.promise;
  };
  const { browser, back } = await agreed(world);
  const cookie = `${flowOf(browser)}=${browser.cookies.get(flowOf(browser))}`;
  const send = () => browser.send(back, { headers: { cookie } });
  const first = Array.from({ length: 20 }, send);
  const { status, text } = await send();
  expect([status, waiting.length]).toEqual([503, 20]);
  expect(text).toContain("Too many people are signing in");
  for (const { resolve } of waiting) resolve({ type: "unreachable", message: "timed out" });
  await Promise.all(first);
  const next = send();
  await expect.poll(() => waiting.length).toBe(21);
  waiting.at(-1)?.resolve({ type: "unreachable", message: "timed out" });
  expect((await next).text).toContain("GitHub didn't respond");
});

describe("session fixation", () => {
  test("whoever planted a session isn't signed in with the victim", async () => {
    const world = createWorld();
    const attacker = world.open();
    await attacker.get("/connect");
    const victim = world.open();
    victim.cookies.set(SESSION, attacker.cookies.get(SESSION) ?? "");
    await world.connect(victim, OCTOCAT);
    expect(victim.cookies.get(SESSION)).not.toBe(attacker.cookies.get(SESSION));
    expect((await attacker.get("/connect")).text).toContain("Connect your Copilot");
  });

  test("the token for forms changes when somebody signs in", async () => {
    const world = createWorld();
    const browser = world.open();
    const before = tokenIn((await browser.get("/connect")).html);
    await world.connect(browser, OCTOCAT);
    expect(tokenIn((await browser.get("/connect")).html)).not.toBe(before);
    const body = `form_token=${before}`;
    const headers = formHeaders(PUBLIC_URL);
    const answer = await browser.send("/connect/disconnect", { method: "POST", headers, body });
    expect(answer.status).toBe(403);
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });
});

function tokenIn(html: string): string {
  return /name="form_token" value="(?<value>[^"]+)"/u.exec(html)?.groups?.["value"] ?? "";
}

describe("cross-site request forgery", () => {
  const ACTIONS = ["/connect/start", "/connect/token", "/connect/disconnect", "/sign-out"];
  const FOREIGN = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

  test.each<[what: string, headers: Readonly<Record<string, string>>, withToken: boolean]>([
    ["no token", {}, false],
    ["another site as its origin", FOREIGN, true],
    ["a neighbor as its origin", { ...FOREIGN, "sec-fetch-site": "same-site" }, true],
    ["an opaque origin", { origin: "null", "sec-fetch-site": "cross-site" }, true],
    ["another content type", { "content-type": "text/plain" }, true],
    ["a JSON body", { "content-type": "application/json" }, true],
    ["a body in parts", { "content-type": "multipart/form-data; boundary=x" }, true],
  ])("a form with %s changes nothing", async (_what, headers, withToken) => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    const token = tokenIn((await browser.get("/connect")).html);
    const pasted = world.github.createPersonal(OCTOCAT);
    const body = `token=${pasted}${withToken ? `&form_token=${token}` : ""}`;
    for (const action of ACTIONS) {
      const answer = await browser.send(action, {
        method: "POST",
        headers: { ...formHeaders(PUBLIC_URL), ...headers },
        body,
      });
      expect([action, answer.status, answer.location]).toEqual([action, 403, null]);
      expect(answer.text).toContain("This form isn't valid anymore");
    }
    expect(world.stored.get(OCTOCAT.id)?.connection.kind).toBe("app");
    expect(browser.cookies.has(SESSION)).toBe(true);
  });

  test("the token of another browser changes nothing", async () => {
    const world = createWorld();
    const [attacker, victim] = [world.open(), world.open()];
    await world.connect(attacker, WRITER);
    await world.connect(victim, OCTOCAT);
    const body = `form_token=${tokenIn((await attacker.get("/connect")).html)}`;
    const headers = formHeaders(PUBLIC_URL);
    const answer = await victim.send("/connect/disconnect", { method: "POST", headers, body });
    expect(answer.status).toBe(403);
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("a visitor's form can do nothing that's a person's", async () => {
    const world = createWorld();
    const browser = world.open();
    const body = `form_token=${tokenIn((await browser.get("/connect")).html)}`;
    const headers = formHeaders(PUBLIC_URL);
    for (const action of ACTIONS.slice(1)) {
      const answer = await browser.send(action, { method: "POST", headers, body });
      expect([action, answer.status]).toEqual([action, 403]);
    }
  });

  test("a link changes nothing", async () => {
    const world = createWorld();
    const browser = world.open();
    await world.connect(browser, OCTOCAT);
    for (const action of ACTIONS) {
      const { status } = await browser.get(action);
      expect([action, status]).toEqual([action, 404]);
    }
    expect(world.stored.has(OCTOCAT.id)).toBe(true);
  });

  test("browsers that don't say which site a form comes from are served by its origin", async () => {
    const world = createWorld();
    const browser = world.open();
    const body = `form_token=${tokenIn((await browser.get("/connect")).html)}`;
    const { "sec-fetch-site": _, ...headers } = formHeaders(PUBLIC_URL);
    const answer = await browser.send("/connect/start", { method: "POST", headers, body });
    expect(answer.status).toBe(303);
  });
});

describe("open redirect", () => {
  const EVIL = "https://evil.example";
  const PARAMETERS = ["next", "redirect_uri", "return_to", "url", "continue", "state"]
    .map((name) => `${name}=${encodeURIComponent(EVIL)}`)
    .join("&");

  test("no parameter and no header decides where a browser is sent", async () => {
    const world = createWorld();
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
    };
    const browser = world.open();
    const paths = [
      "/connect",
      `/connect?task=${TASK_ID}`,
      "/oauth/callback",
      `/connect/task/${TASK_ID}`,
      "/connect/task/%2f%2fevil.example",
      "/%2fevil.example/connect",
      "/connect/../../evil.example",
    ];
    for (const path of paths) {
      const url = `${path}${path.includes("?") ? "&" : "?"}${PARAMETERS}`;
      const { location, html } = await browser.send(url, { headers });
      if (location !== null)
        expect(location).toMatch(/^https:\/\/github\.com\/login\/oauth\/authorize\?/u);
      expect(`${location}${html}`).not.toContain("evil");
    }
  });

  test("after signing in, browsers stay on the bot's pages", async () => {
    const world = createWorld();
    const { browser, back } = await agreed(world);
    const { location } = await browser.get(`${back}&${PARAMETERS.replace(/&state=.*/u, "")}`);
    expect(location).toBe("/connect");
  });
});

describe("cookies", () => {
  test("one can't be used as another", async () => {
    const world = createWorld();
    const { browser, back } = await agreed(world);
    const flow = flowOf(browser);
    const [session, sealed] = [browser.cookies.get(SESSION), browser.cookies.get(flow)];
    browser.cookies.set(flow, session ?? "").set(SESSION, sealed ?? "");
    expect((await browser.get("/connect")).status).toBe(200);
    expect((await browser.get(back)).status).toBe(400);
    expect(world.stored.size).toBe(0);
  });

  test("those of other keys, garbage, and nothing are no session", async () => {
    const other = createWorld();
    const foreign = other.open();
    await other.connect(foreign, WRITER);
    const world = createWorld();
    for (const value of [foreign.cookies.get(SESSION) ?? "", "", "%", "a".repeat(5_000), "null"]) {
      const browser = world.open();
      browser.cookies.set(SESSION, value);
      const { status, text } = await browser.get("/connect");
      expect([status, text.includes("Signed in")]).toEqual([200, false]);
    }
  });
});
