import { createRequire } from "node:module";
import { Ajv2019 } from "ajv/dist/2019.js";

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const require = createRequire(import.meta.url);
// Not imported: the description is 13 MB of JSON, too much to derive a type from.
const { components }: Description = require("@octokit/openapi/generated/api.github.com.json");

const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });

/** What is wrong with a value by one of the schemas in GitHub's own OpenAPI description: nothing, as a rule. */
export function problems(schema: string, value: unknown): readonly string[] {
  const $id = `github/${schema}`;
  const validate = ajv.getSchema($id) ?? ajv.compile({ $id, ...completed(schema) });
  // What is not there is not sent.
  if (validate(JSON.parse(JSON.stringify(value))) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`;
  });
}

/** The schema with all the others that it refers to. */
function completed(name: string): object {
  const found: Record<string, unknown> = {};
  const wanted = [name];
  for (const next of wanted) {
    if (next in found) continue;
    const schema = withNull(components.schemas[next]);
    found[next] = schema;
    for (const [, other = ""] of JSON.stringify(schema).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    )) {
      wanted.push(other);
    }
  }
  return { $ref: `#/components/schemas/${name}`, components: { schemas: found } };
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, withNull(value)]);
  const { nullable, ...rest } = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : Object.fromEntries(entries);
}
