import { createRequire } from "node:module";
import type { Delivery } from "../../sandbox/github/deliveries.ts";
import { Ajv2019 } from "ajv/dist/2019.js";

interface Description {
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>;
    readonly schemas: Readonly<Record<string, unknown>>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

interface Response {
  readonly content?: { readonly "application/json"?: { readonly schema: object } };
}

const require = createRequire(import.meta.url);
// Not imported: the description is 13 MB of JSON, too much to derive a type from.
const {
  components,
  paths,
}: Description = require("@octokit/openapi/generated/api.github.com.json");

const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });

/** What is wrong with a value by one of the schemas in GitHub's own OpenAPI description: nothing, as a rule. */
export function problems(schema: string, value: unknown): readonly string[] {
  return problemsOf(`github/${schema}`, { $ref: `#/components/schemas/${schema}` }, value);
}

/** What is wrong with a webhook's payload. */
export function payloadProblems({ event, action, payload }: Delivery): readonly string[] {
  const name = action === "" ? event : `${event}-${action}`;
  return problems(`webhook-${name.replaceAll("_", "-")}`, payload);
}

/** What is wrong with an answer to an operation, named by its method and path template. */
export function answerProblems(operation: string, status: number, body: unknown) {
  const [method = "", path = ""] = operation.split(" ");
  const described = paths[path]?.[method.toLowerCase()]?.responses[status];
  if (described === undefined) return [`${operation}: ${status} is not described`];
  const response =
    "$ref" in described
      ? components.responses[described.$ref.replace("#/components/responses/", "")]
      : described;
  const schema = response?.content?.["application/json"]?.schema;
  if (schema === undefined) return body === undefined ? [] : [`${operation}: a body`];
  return problemsOf(`${operation} ${status}`, schema, body);
}

function problemsOf($id: string, schema: object, value: unknown): readonly string[] {
  const validate = ajv.getSchema($id) ?? ajv.compile({ $id, ...completed(schema) });
  // What is not there is not sent.
  if (validate(JSON.parse(JSON.stringify(value))) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${$id} ${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`;
  });
}

/** The schema with all the others that it refers to. */
function completed(schema: object): object {
  const whole = withNull(schema);
  const found: Record<string, unknown> = {};
  const wanted = referencesIn(whole);
  for (const next of wanted) {
    if (next in found) continue;
    found[next] = withNull(components.schemas[next]);
    wanted.push(...referencesIn(found[next]));
  }
  return { allOf: [whole], components: { schemas: found } };
}

function referencesIn(schema: unknown): string[] {
  const references = JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map(([, name = ""]) => name);
}

/** The list of installations wants an account to be a person and an enterprise at once, unlike one installation. */
function corrected([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  const isMistaken = key === "allOf" && JSON.stringify(value).includes('"title":"Enterprise"');
  return [isMistaken ? "anyOf" : key, value];
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, withNull(value)] as const);
  const { nullable, ...rest } = Object.fromEntries(entries.map(corrected));
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : rest;
}
