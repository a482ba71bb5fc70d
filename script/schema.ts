// Writes docs/copilot-tasks.schema.json, by which editors know the policy file. To be run when
// src/core/policy/schema.ts has changed; `npm run format` then lays it out.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { POLICY_PATH, policySchema } from "../src/core/policy/schema.ts";

/** Where the schema is kept. */
export const JSON_SCHEMA = new URL("../docs/copilot-tasks.schema.json", import.meta.url);

/** The JSON Schema of the policy file, of the draft that editors take. */
export function jsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(policySchema, { target: "draft-7", io: "input" });
  const head = { $schema, $id: "copilot-tasks.schema.json", title: POLICY_PATH };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(JSON_SCHEMA, jsonSchema());
