import { z } from "zod";
import type { RenamedKey } from "./renamed.ts";
import { RENAMED_KEYS } from "./renamed.ts";
import { POLICY_PATH, policySchema } from "./schema.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Where the bot serves it. */
export const JSON_SCHEMA_PATH = "/copilot-tasks.schema.json";

/** A name, not an address: each bot serves the schema at its own (https://www.rfc-editor.org/rfc/rfc9562). */
const ID = "urn:uuid:1019886a-e6a5-4a71-a9f3-0a088df8d007";

/** The JSON Schema of the policy file, of the draft that editors take. */
export function jsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(policySchema, { target: "draft-7", io: "input" });
  for (const renamed of RENAMED_KEYS) addOldKey(schema, renamed);
  const head = { $schema, $id: ID, title: POLICY_PATH };
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
