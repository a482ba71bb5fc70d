import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { JSON_SCHEMA } from "../../script/schema.ts";
import { createWorld, PUBLIC_URL } from "./world.ts";

test("editors get the JSON Schema of the policy file, without a sign-in and from any page", async () => {
  const { app } = createWorld();
  const response = await app.request(`${PUBLIC_URL}/copilot-tasks.schema.json`);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=3600",
    "content-type": "application/schema+json; charset=utf-8",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
  });
  expect(response.headers.has("set-cookie")).toBe(false);
  expect(await response.json()).toEqual(JSON.parse(readFileSync(JSON_SCHEMA, "utf8")));
});

test("of other addresses, nobody else's page reads anything", async () => {
  const { app } = createWorld();
  const { headers } = await app.request(`${PUBLIC_URL}/connect`);
  expect(headers.get("access-control-allow-origin")).toBeNull();
  expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
});
