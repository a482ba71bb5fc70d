import { expect, test } from "vitest";
import { SITE_EXAMPLES } from "../site-examples.ts";
import { signedOutHomePage } from "../../../src/web/pages/home.ts";
import { readable } from "./text.ts";

test.each(SITE_EXAMPLES)("people read of $name", async ({ html }) => {
  expect(await readable(html)).toMatchSnapshot();
});

test.each(SITE_EXAMPLES)("$name has no style, script, or picture of its own", async ({ html }) => {
  const page = String(await html);
  const own = page.replace(/<script src="\/assets\/pages-[0-9a-f]{16}\.js" defer><\/script>/u, "");
  expect(own).not.toMatch(/<script|<img|<link|<iframe|<object|\son\w+=|javascript:|\sstyle=/iu);
});

test.each(SITE_EXAMPLES)("each id on $name is there once", async ({ html }) => {
  const page = String(await html);
  const ids = [...page.matchAll(/\sid="(?<id>[^"]*)"/gu)].map(({ groups }) => groups?.["id"]);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const wanted = page.matchAll(/\s(?:for|aria-labelledby|aria-describedby)="(?<id>[^"]*)"/gu);
  expect([...wanted].map(({ groups }) => groups?.["id"]).filter((id) => !ids.includes(id))).toEqual(
    [],
  );
});

test("the start page's title has the bot's name once", async () => {
  expect(String(await signedOutHomePage())).toContain("<title>Copilot task bot</title>");
});
