import { writeFileSync } from "node:fs";
import { jsonSchema } from "../src/core/policy/json-schema.ts";
import { program } from "./lib/program.ts";

/** Where the schema is kept. */
export const JSON_SCHEMA = new URL("../docs/copilot-tasks.schema.json", import.meta.url);

if (import.meta.main) {
  program(
    "node script/schema.ts",
    "Writes docs/copilot-tasks.schema.json, which editors use for the policy file. Run it after changing src/core/policy/schema*.ts, then npm run format.",
  ).parse();
  writeFileSync(JSON_SCHEMA, jsonSchema());
}
