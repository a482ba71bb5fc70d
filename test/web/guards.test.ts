import { describe, expect, test, vi } from "vitest";
import { ViewingTrouble } from "../../src/ports/viewing.ts";
import { formHeaders } from "./browser.ts";
import { OCTOCAT, WRITER } from "./github.ts";
import { createGuardedWorld, HELLO, OCTO_ORG } from "./guarded.ts";
import { createViewers } from "../../src/web/viewers.ts";
import { PUBLIC_URL } from "./world.ts";

const MINUTE_MS = 60_000;

/** Somebody who's signed in, and can read `octo-org/hello`. */
async function signedIn(person = OCTOCAT) {
  const world = createGuardedWorld();
  world.github.readable.set(OCTOCAT.id, [HELLO]);
  const browser = world.open();
  await world.signIn(browser, person, "/list");
  return { ...world, browser };
}

describe("a page", () => {
  test("sends whoever isn't signed in to GitHub, and back to it", async () => {
    const world = createGuardedWorld();
    const browser = world.open();
    const asked = await browser.get("/list?state=failed&q=a%26b");
    expect(asked).toMatchObject({
      status: 303,
      location: "/sign-in?return_to=%2Flist%3Fstate%3Dfailed%26q%3Da%2526b",
    });
    const { location } = await browser.get(asked.location ?? "");
    expect(location).toMatch(/^https:\/\/github\.com\/login\/oauth\/authorize\?/u);
    const back = await browser.get(world.github.agree(location ?? "", OCTOCAT));
    expect(back).toMatchObject({ status: 303, location: "/list?state=failed&q=a%26b" });
    expect((await browser.get(back.location ?? "")).text).toContain("octocat:");
    expect(world.stored.size).toBe(0);
  });

  test("answers so whether or not there's something at its address", async () => {
    const { open } = createGuardedWorld();
    const [known, none] = [await open().get("/tasks/known"), await open().get("/tasks/none")];
    expect(known.status).toBe(none.status);
    expect(known.location).toBe(none.location?.replace("none", "known"));
  });

  test("is shown by what its viewer can read", async () => {
    const { browser } = await signedIn();
    expect((await browser.get("/list")).text).toBe("octocat: octo-org/hello");
    const other = await signedIn(WRITER);
    expect((await other.browser.get("/list")).text).toBe("writer:");
  });

  test("remembers for a minute what GitHub said", async () => {
    const { browser, github, clock } = await signedIn();
    await browser.get("/list");
    github.readable.set(OCTOCAT.id, []);
    clock.now += MINUTE_MS - 1;
    expect((await browser.get("/list")).text).toContain("octo-org/hello");
    expect(github.asked).toEqual(["scope"]);
    clock.now += 1;
    expect((await browser.get("/list")).text).toBe("octocat:");
    expect(github.asked).toEqual(["scope", "scope"]);
  });

  test("asks once for what's opened together", async () => {
    const { browser, github, parts, sessions } = await signedIn();
    const session = await sessions.find(browser.cookies.get("__Host-session") ?? "");
    const viewerToken = session?.viewerToken ?? null;
    if (session === null || viewerToken === null) throw new Error("not signed in");
    const viewers = createViewers({ ...parts, github, random: () => "none" });
    const viewer = viewers.toShow({ ...session, viewerToken });
    await Promise.all([viewer.scope(), viewer.scope(), viewer.scope()]);
    expect(github.asked).toEqual(["scope"]);
  });

  test("of a session isn't made more than ten times at once", async () => {
    const { browser, github } = await signedIn();
    const asking = Promise.withResolvers<never>();
    const scope = vi.spyOn(github, "scope").mockReturnValue(asking.promise);
    const pages = Array.from({ length: 10 }, () => browser.get("/list"));
    await expect.poll(() => scope.mock.calls.length).toBeGreaterThan(0);
    expect(await browser.get("/list")).toMatchObject({
      status: 429,
      text: expect.stringContaining("Too many pages at once"),
    });
    asking.reject(new ViewingTrouble("unreachable", "timed out"));
    expect((await Promise.all(pages)).map(({ status }) => status)).toEqual(pages.map(() => 503));
    expect((await browser.get("/list")).status).toBe(503);
  });
});

describe("a page of what everybody can read", () => {
  const OPEN = { ...HELLO, id: 7, name: "open", isPrivate: false, role: "read" } as const;

  test("is shown by its address, and isn't in lists", async () => {
    const { browser, github } = await signedIn();
    github.open.push(OPEN);
    expect((await browser.get("/repositories/octo-org/open")).text).toBe("7");
    expect((await browser.get("/list")).text).toBe("octocat: octo-org/hello");
  });

  test("is remembered for a minute, too", async () => {
    const { browser, github, clock } = await signedIn();
    github.open.push(OPEN);
    await browser.get("/repositories/octo-org/open");
    await browser.get("/repositories/octo-org/open");
    expect(github.asked).toEqual(["scope", "octo-org/open"]);
    github.open.length = 0;
    clock.now += MINUTE_MS;
    expect((await browser.get("/repositories/octo-org/open")).status).toBe(404);
  });
});

describe("whether somebody owns an organization", () => {
  test("is remembered for a minute, and asked anew for what a form does", async () => {
    const { browser, github, clock } = await signedIn();
    await browser.get("/list");
    github.owners.set(OCTO_ORG.id, [OCTOCAT]);
    github.asked.length = 0;
    expect((await browser.get("/administrators")).text).toBe("an owner");
    github.owners.set(OCTO_ORG.id, [WRITER]);
    expect((await browser.get("/administrators")).text).toBe("an owner");
    expect(github.asked).toEqual(["owner of octo-org"]);
    expect((await browser.submit("/administrators")).html).toBe("no owner");
    clock.now += MINUTE_MS;
    expect((await browser.get("/administrators")).text).toBe("no owner");
    expect(github.asked).toHaveLength(3);
  });

  test("is nobody else's answer", async () => {
    const { browser, github, ...world } = await signedIn();
    github.owners.set(OCTO_ORG.id, [OCTOCAT]);
    expect((await browser.get("/administrators")).text).toBe("an owner");
    const other = world.open();
    await world.signIn(other, WRITER, "/list");
    expect((await other.get("/administrators")).text).toBe("no owner");
  });
});

describe("what isn't there, and what's somebody else's", () => {
  test("is answered alike, and with the same questions to GitHub, each time", async () => {
    const { browser, github } = await signedIn(WRITER);
    const answers = [];
    for (const path of ["/tasks/known", "/tasks/known", "/tasks/none", "/tasks/none"]) {
      github.asked.length = 0;
      const { status, html } = await browser.get(path);
      const asked = github.asked.map((one) => (one === "scope" ? one : "address"));
      answers.push({ status, html, asked });
    }
    const missing = { status: 404, html: "404 Not Found" };
    const [first, ...others] = answers;
    expect(first).toEqual({ ...missing, asked: ["scope", "address"] });
    const again = { ...missing, asked: ["address"] };
    expect(others).toEqual([again, again, again]);
  });

  test("is known by its id: somebody else's repository of an old name isn't it", async () => {
    const { browser, github } = await signedIn(WRITER);
    github.open.push({ ...HELLO, id: 99, isPrivate: false });
    expect((await browser.get("/tasks/known")).status).toBe(404);
    expect((await browser.get("/repositories/octo-org/hello")).text).toBe("99");
  });
});

describe("when GitHub", () => {
  test("doesn't answer, nothing is shown", async () => {
    const { browser, github } = await signedIn();
    github.answers.scope = new ViewingTrouble("unreachable", "timed out");
    const { status, text } = await browser.get("/list");
    expect([status, text]).toEqual([503, expect.stringContaining("GitHub didn't respond")]);
  });

  test("refuses the session's token, the person is sent there again", async () => {
    const { browser, ...world } = await signedIn();
    const { github, clock } = world;
    github.answers.scope = new ViewingTrouble("token_refused", "401");
    clock.now += MINUTE_MS;
    expect(await browser.get("/list")).toMatchObject({
      status: 303,
      location: "/sign-in?return_to=%2Flist",
    });
    delete github.answers.scope;
    expect(await world.signIn(browser, OCTOCAT, "/list")).toMatchObject({ location: "/list" });
    expect((await browser.get("/list")).text).toContain("octo-org/hello");
  });

  test("refuses the token of somebody who has just signed in, nobody is sent in circles", async () => {
    const { browser, github } = await signedIn();
    github.answers.scope = new ViewingTrouble("token_refused", "401");
    const { status, text } = await browser.get("/list");
    expect([status, text]).toEqual([
      503,
      expect.stringContaining("GitHub doesn't accept your sign-in"),
    ]);
  });
});

describe("a form", () => {
  test("does what it's for, by what its sender can read now", async () => {
    const { browser, github } = await signedIn();
    await browser.get("/list");
    expect((await browser.submit("/do", { x: "stop" })).html).toBe("octocat stop");
    // The page still shows it; nothing can be done there anymore.
    github.readable.set(OCTOCAT.id, []);
    expect((await browser.get("/list")).text).toContain("octo-org/hello");
    expect((await browser.submit("/do", { x: "stop" })).status).toBe(404);
    expect(github.asked).toEqual(["scope", "octo-org/hello", "octo-org/hello"]);
  });

  test.each<[what: string, headers: Readonly<Record<string, string>>, body: string]>([
    ["without its token", {}, "x=stop"],
    ["with another token", {}, "x=stop&form_token=abc"],
    ["of another type", { "content-type": "text/plain" }, "x=stop"],
  ])("%s does nothing", async (_what, headers, body) => {
    const { browser, github } = await signedIn();
    const sent = { method: "POST", headers: { ...formHeaders(PUBLIC_URL), ...headers }, body };
    expect((await browser.send("/do", sent)).status).toBe(403);
    expect(github.asked).toEqual([]);
  });

  test("of another browser, or of before the sign-out, does nothing", async () => {
    const { browser, ...world } = await signedIn();
    const { sessions, github } = world;
    const other = world.open();
    await world.signIn(other, WRITER);
    const html = (await other.get("/list")).html;
    const token = /value="(?<token>[^"]+)"/u.exec(html)?.groups?.["token"] ?? "";
    const foreign = {
      method: "POST",
      headers: formHeaders(PUBLIC_URL),
      body: `form_token=${token}`,
    };
    expect((await browser.send("/do", foreign)).status).toBe(403);
    await browser.get("/list");
    await sessions.endAllOf(OCTOCAT.id);
    expect((await browser.submit("/do")).status).toBe(403);
    expect(github.asked).not.toContain("octo-org/hello");
  });
});
