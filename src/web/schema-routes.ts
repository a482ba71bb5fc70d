import { Hono } from "hono";
import { JSON_SCHEMA_PATH, jsonSchema } from "../core/policy/json-schema.ts";

/** The JSON Schema of the policy file, for anybody's editor: nobody signs in for it, and it's the same for all. */
export function schemaRoutes(): Hono {
  let schema: string | null = null;

  return new Hono().get(JSON_SCHEMA_PATH, (c) => {
    schema ??= jsonSchema();
    return c.body(schema, 200, {
      "Content-Type": "application/schema+json; charset=utf-8",
      "Cache-Control": "public, max-age=3600",
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    });
  });
}
