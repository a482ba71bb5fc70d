import { expect, it } from "vitest";
import type { Browser } from "../../sandbox/browser.ts";
import { createBrowser, headingOf } from "../../sandbox/browser.ts";
import { connect } from "../../sandbox/connecting.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { botComments, useWorld } from "./world.ts";

const world = useWorld({ connecting: true, people: { ada: "write", bob: "write", eve: "write" } });

/** Somebody signs in on the start page, in a browser of their own. */
async function signedIn(login: string): Promise<Browser> {
  const browser = createBrowser(world.app.url);
  await browser.open("/sign-in");
  const page = await browser.submit("/login", { login });
  if (new URL(page.url).pathname === "/login/oauth/authorize") {
    await browser.submit("/login/oauth/authorize", { authorize: "1" });
  }
  return browser;
}

const seenIn = async (browser: Browser) => headingOf(await browser.open("/connect"));
const SIGNED_OUT = "Connect your Copilot";

it("whoever revokes the App on GitHub is signed out in all browsers, and nobody else is", async () => {
  const [ada, again, bob] = [await signedIn("ada"), await signedIn("ada"), await signedIn("bob")];
  expect(await seenIn(ada)).toBe("Your Copilot isn't connected");
  await world.github.oauth.revoke("ada");
  expect([await seenIn(ada), await seenIn(again)]).toEqual([SIGNED_OUT, SIGNED_OUT]);
  expect(await seenIn(bob)).toBe("Your Copilot isn't connected");
});

it("whoever disconnects in a thread is signed out", async () => {
  await connect("bob", `${world.app.url}/connect`);
  const bob = await signedIn("bob");
  expect(await seenIn(bob)).toBe("Your Copilot is connected");
  const issue = await world.github.as("bob").openIssue(hello, { title: "Bye", body: "" });
  await world.github.as("bob").comment(issue, "/copilot disconnect");
  await botComments(world, issue, (body) => body !== "");
  expect(await seenIn(bob)).toBe(SIGNED_OUT);
});

it("whoever signs out stays connected", async () => {
  await connect("eve", `${world.app.url}/connect`);
  const eve = await signedIn("eve");
  await eve.open("/connect");
  expect(headingOf(await eve.submit("/sign-out"))).toBe("Copilot task bot");
  expect(await seenIn(await signedIn("eve"))).toBe("Your Copilot is connected");
});
