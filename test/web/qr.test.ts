import { describe, expect, test } from "vitest";
import type { QrCode } from "../../src/core/session/qr-code.ts";
import { LINK } from "../core/task.ts";
import { scan } from "./scanner.ts";
import { createWorld, PUBLIC_URL, TASK_ID } from "./world.ts";

const SECRET = "9f86d081884c7d659a2feaa0c55ad015";
const PATH = `/qr/${TASK_ID}/${SECRET}`;
const CODE: QrCode = { path: PATH, url: LINK };

/** The pages of a bot with one task that has a code. */
function withCode() {
  const world = createWorld();
  world.qrCodes.set(TASK_ID, CODE);
  const ask = (path: string, init: RequestInit = {}) => world.app.request(PUBLIC_URL + path, init);
  return { world, ask };
}

/** An answer, whole but for the time. */
async function wholeOf(answer: Response) {
  const { status, headers } = answer;
  return { status, headers: [...headers], body: await answer.text() };
}

describe("the image of a QR code", () => {
  test("is a PNG that a scanner reads, for whoever has its address", async () => {
    const answer = await withCode().ask(`${PATH}.png`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    const png = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get("content-length")).toBe(String(png.length));
    expect(await scan(png)).toEqual([LINK]);
  });

  test("is an SVG, too, with nothing but the code", async () => {
    const answer = await withCode().ask(`${PATH}.svg`);
    expect(answer.headers.get("content-type")).toBe("image/svg+xml");
    const svg = await answer.text();
    expect(
      svg.replaceAll(/[\d.-]+/gu, "0").replaceAll(/(?:[ML]0 0)+Z/gu, "Z"),
    ).toMatchInlineSnapshot(
      `"<svg xmlns="http://www0w0org/0/svg" version="0" viewBox="0 0 0 0" width="0" height="0" shape0rendering="crispedges"><rect x="0" y="0" width="0" height="0" fill="#ffffff"></rect><path d="ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ" fill="#0"></path></svg>"`,
    );
  });

  test("may be kept for an hour, shown elsewhere, and asked for again", async () => {
    const { ask } = withCode();
    const { headers } = await ask(`${PATH}.png`);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "public, max-age=3600",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
    });
    expect(headers.getSetCookie()).toEqual([]);
    const etag = headers.get("etag") ?? "";
    const again = await ask(`${PATH}.png`, { headers: { "if-none-match": `"x", ${etag}` } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(again.headers.get("cache-control")).toBe("public, max-age=3600");
    const svg = await ask(`${PATH}.svg`, { headers: { "if-none-match": etag } });
    expect(svg.status).toBe(200);
  });

  test("is described by HEAD as GET sends it", async () => {
    const { ask } = withCode();
    const [get, head] = await Promise.all([
      ask(`${PATH}.png`),
      ask(`${PATH}.png`, { method: "HEAD" }),
    ]);
    expect(await head.text()).toBe("");
    expect(head.status).toBe(200);
    expect([...head.headers]).toEqual([...get.headers]);
  });

  test("follows the task's link: what was kept of an older one isn't shown", async () => {
    const { world, ask } = withCode();
    const before = await ask(`${PATH}.png`);
    world.qrCodes.set(TASK_ID, { path: `${PATH}2`, url: `${LINK}2` });
    expect((await ask(`${PATH}.png`)).status).toBe(404);
    const after = await ask(`${PATH}2.png`);
    expect(await scan(new Uint8Array(await after.arrayBuffer()))).toEqual([`${LINK}2`]);
    expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
  });
});

describe("no address but an image's own", () => {
  const OTHER = "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11";

  test.each([
    ["another secret", `/qr/${TASK_ID}/${"0".repeat(32)}.png`],
    ["a part of the secret", `${PATH.slice(0, -1)}.png`],
    ["more than the secret", `${PATH}0.png`],
    ["large letters", `/qr/${TASK_ID}/${SECRET.toUpperCase()}.png`],
    ["no secret", `/qr/${TASK_ID}/.png`],
    ["another task's id", `/qr/${OTHER}/${SECRET}.png`],
    ["no task's id", `/qr/${"x".repeat(65)}/${SECRET}.png`],
    ["another format", `${PATH}.gif`],
    ["a name that every object has", `${PATH}.constructor`],
    ["no format", PATH],
    ["a task's id alone", `/qr/${TASK_ID}`],
    ["nothing", "/qr/"],
    ["more", `${PATH}.png/x`],
  ])("shows anything: %s", async (_what, path) => {
    const { ask } = withCode();
    const none = await wholeOf(await ask("/nothing"));
    expect(none.status).toBe(404);
    expect(await wholeOf(await ask(path))).toEqual(none);
    // Nor with what an image could be recognized by.
    const known = await ask(path, { headers: { "if-none-match": "*" } });
    expect(await wholeOf(known)).toEqual(none);
  });

  test("that of a task that's gone, or has no code", async () => {
    const { world, ask } = withCode();
    expect((await ask(`${PATH}.png`)).status).toBe(200);
    const none = await wholeOf(await ask("/nothing"));
    world.qrCodes.clear();
    expect(await wholeOf(await ask(`${PATH}.png`))).toEqual(none);
  });

  test("only to be read", async () => {
    const { ask } = withCode();
    const headers = { origin: PUBLIC_URL, "content-length": "0" };
    for (const method of ["POST", "PUT", "DELETE"]) {
      expect((await ask(`${PATH}.png`, { method, headers })).status).toBe(404);
    }
  });
});
