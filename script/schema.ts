import { writeFileSync } from "node:fs";
import { z } from "zod";
import type { RenamedKey } from "../src/core/policy/renamed.ts";
import { RENAMED_KEYS } from "../src/core/policy/renamed.ts";
import { POLICY_PATH, policySchema } from "../src/core/policy/schema.ts";
import { program } from "./lib/program.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Where the schema is kept. */
export const JSON_SCHEMA = new URL("../docs/copilot-tasks.schema.json", import.meta.url);

/** The JSON Schema of the policy file, of the draft that editors take. */
export function jsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(policySchema, { target: "draft-7", io: "input" });
  for (const renamed of RENAMED_KEYS) addOldKey(schema, renamed);
  const head = { $schema, $id: "copilot-tasks.schema.json", title: POLICY_PATH };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}

/** Old spellings are taken too. Editors strike them out and show the new one. */
function addOldKey(schema: JsonSchema, { within, old, now }: RenamedKey): void {
  const section = within.reduce<JsonSchema | undefined>((found, key) => member(found, key), schema);
  const today = member(section, now);
  if (section?.properties === undefined || today === undefined) {
    throw new RangeError(`no such key: ${[...within, now].join(".")}`);
  }
  const deprecationMessage = `Use \`${now}\`.`;
  section.properties[old] = { ...today, deprecated: true, deprecationMessage };
}

function member(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const found = schema?.properties?.[key];
  return typeof found === "object" ? found : undefined;
}

if (import.meta.main) {
  program(
    "node script/schema.ts",
    "Writes docs/copilot-tasks.schema.json, which editors use for the policy file. Run it after changing src/core/policy/schema*.ts, then npm run format.",
  ).parse();
  writeFileSync(JSON_SCHEMA, jsonSchema());
}
