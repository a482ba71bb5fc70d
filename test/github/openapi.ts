import { readFileSync } from "node:fs";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { EXTRACT } from "../../script/extract-openapi.ts";

/** A request as it goes over the wire. */
export interface Asked {
  readonly method: string;
  /** Below the base URL, with its query. */
  readonly path: string;
  /** Undefined when there is none. */
  readonly body?: unknown;
}

/** An answer of success. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: object;
    readonly examples: Readonly<Record<string, unknown>>;
  };
}

interface Operation {
  readonly parameters: readonly (Reference | Parameter)[];
  readonly requestBody?: { readonly required?: boolean };
  readonly responses: Readonly<Record<string, { readonly example: Reference | null }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required?: boolean;
}

interface Reference {
  readonly $ref: string;
}

/** The operation of a request, the place of its description, and the values in its path. */
interface Found {
  readonly operation: Operation;
  readonly place: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Paths become URLs somewhere. */
const ANYWHERE = "https://github.test";

const { paths, components }: Description = JSON.parse(readFileSync(EXTRACT, "utf8"));
const { parameters, schemas, examples } = components;
const strictly = createValidator({});
// In a URL everything is text: there "2" is a number.
const asText = createValidator({ coerceTypes: true });

/** The problems of a value by a schema, in sentences that begin with the name of the part. */
type Validator = (part: string, schema: object, value: unknown) => string[];

function createValidator(options: Options): Validator {
  const formats = {
    "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u,
    uri: (text: string) => URL.canParse(text),
    email: /@/u,
    int64: true,
    "repo.nwo": true,
  } as const;
  const ajv = new Ajv2019({ ...options, strict: false, allErrors: true, formats });
  ajv.addSchema(withNull({ paths, components: { parameters, schemas } }), "github");
  const compiled = new Map<string, ValidateFunction>();
  return (part, schema, value) => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => problemOf(part, error));
  };
}

function problemOf(part: string, { instancePath, message, params }: ErrorObject): string {
  const field: unknown = params["unevaluatedProperty"] ?? "";
  return `${part}${instancePath} ${message ?? "is wrong"} ${String(field)}`.trimEnd();
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function withNull(schema: object): object {
  const entries = Object.entries(schema).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "object" && value !== null ? withNull(value) : value,
  ]);
  if (Array.isArray(schema)) return entries.map(([, value]) => value);
  const { nullable, ...rest } = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [{ type: "null" }, rest] } : Object.fromEntries(entries);
}

/** The problems of a request by GitHub's own description: none, if it's valid. */
export function problemsOfRequest({ method, path, body }: Asked): string[] {
  const { pathname, searchParams } = new URL(path, ANYWHERE);
  const found = find(method, pathname);
  if (found === null) return [`not described: ${method} ${pathname}`];
  return [
    ...problemsOfParameters(found, "path", found.variables),
    ...problemsOfParameters(found, "query", Object.fromEntries(searchParams)),
    ...problemsOfBody(found, body),
  ];
}

/** The problems of a successful response to a request: mocks must not lie. */
export function problemsOfAnswer({ method, path }: Asked, { status, body }: Answered): string[] {
  const { place } = response(method, path, status);
  return strictly("answer", { $ref: `${place}/schema` }, body);
}

/** GitHub's own example of an answer of success, as it goes over the wire. */
export function exampleOf(method: string, path: string, status: number): string {
  const reference = response(method, path, status).example?.$ref ?? "";
  return JSON.stringify(examples[nameIn(reference)]);
}

function response(method: string, path: string, status: number) {
  const found = find(method, new URL(path, ANYWHERE).pathname);
  const described = found?.operation.responses[status];
  if (described === undefined) throw new RangeError(`not described: ${method} ${path}, ${status}`);
  return { ...described, place: `${found?.place}/responses/${status}` };
}

function find(method: string, pathname: string): Found | null {
  for (const [template, operations] of Object.entries(paths)) {
    const operation = operations[method.toLowerCase()];
    const variables = variablesIn(pathname, template);
    if (operation === undefined || variables === null) continue;
    const pointer = encodeURIComponent(template.replaceAll("/", "~1"));
    return { operation, place: `github#/paths/${pointer}/${method.toLowerCase()}`, variables };
  }
  return null;
}

function variablesIn(pathname: string, template: string): Record<string, string> | null {
  const values = pathname.split("/").map(decodeURIComponent);
  const names = template.split("/");
  if (names.length !== values.length) return null;
  const variables: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? "";
    if (name.startsWith("{")) variables[name.slice(1, -1)] = value;
    else if (name !== value) return null;
  }
  return variables;
}

function problemsOfParameters(
  found: Found,
  place: Parameter["in"],
  values: Readonly<Record<string, string>>,
): string[] {
  const properties: Record<string, Reference> = {};
  const required: string[] = [];
  for (const [index, described] of found.operation.parameters.entries()) {
    const isShared = "$ref" in described;
    const parameter = isShared ? parameters[nameIn(described.$ref)] : described;
    if (parameter?.in !== place) continue;
    const at = isShared ? `github${described.$ref}` : `${found.place}/parameters/${index}`;
    properties[parameter.name] = { $ref: `${at}/schema` };
    if (parameter.required === true) required.push(parameter.name);
  }
  const schema = { type: "object", properties, required, unevaluatedProperties: false };
  return asText(place, schema, { ...values });
}

function problemsOfBody({ operation, place }: Found, body: unknown): string[] {
  const { requestBody } = operation;
  if (body === undefined) return requestBody?.required === true ? ["body is missing"] : [];
  if (requestBody === undefined) return ["body is not described"];
  const $ref = `${place}/requestBody/content/application~1json/schema`;
  return strictly("body", { $ref, unevaluatedProperties: false }, body);
}

function nameIn(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}
