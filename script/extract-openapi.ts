import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { program } from "./lib/program.ts";

/** Every operation of REST that src/github asks of GitHub, as method and path template. */
export const OPERATIONS = [
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
  "GET /app",
  "GET /app/hook/config",
  "GET /app/hook/deliveries",
  "GET /app/installations",
  "GET /app/installations/{installation_id}",
  "GET /installation/repositories",
  "GET /orgs/{org}/installation",
  "GET /orgs/{org}/memberships/{username}",
  "GET /orgs/{org}/teams/{team_slug}",
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/branches/{branch}",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /repos/{owner}/{repo}/compare/{basehead}",
  "GET /repos/{owner}/{repo}/installation",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "GET /repos/{owner}/{repo}/labels",
  "GET /repos/{owner}/{repo}/pulls",
  "GET /user",
  "GET /user/installations",
  "GET /user/installations/{installation_id}/repositories",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "POST /app/hook/deliveries/{delivery_id}/attempts",
  "POST /app/installations/{installation_id}/access_tokens",
  "POST /repos/{owner}/{repo}/check-runs",
  "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/reactions",
  "POST /repos/{owner}/{repo}/labels",
  "POST /repos/{owner}/{repo}/pulls",
  "POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions",
] as const;

/** Where the extract is kept. */
export const EXTRACT = new URL("../test/fixtures/openapi/github.json", import.meta.url);

type Json = null | boolean | number | string | readonly Json[] | JsonObject;

interface JsonObject {
  readonly [key: string]: Json;
}

/** For people to read, or of no use to a validator. */
const PROSE = new Set(["description", "title", "example", "examples", "discriminator"]);

const OPERATION = /^(?<method>[A-Z]+) (?<path>\/.*)$/u;
const REFERENCE = /^#\/components\/(?<section>\w+)\/(?<name>[\w-]+)$/u;

/**
 * What a list of operations needs of the description: parameters, request bodies, the answers of
 * success with an example each, and all that these refer to. The same package gives the same text.
 *
 * @throws RangeError for what the description does not have
 */
export function extractOpenApi(operations: readonly string[] = OPERATIONS): string {
  // Not imported: the description is 13 MB of JSON, too much to derive a type from.
  const require = createRequire(import.meta.url);
  const whole: JsonObject = require("@octokit/openapi/generated/api.github.com.json");
  const { version = null }: JsonObject = require("@octokit/openapi/package.json");
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { method = "", path = "" } = OPERATION.exec(operation)?.groups ?? {};
    const described = at(whole, "paths", path, method.toLowerCase());
    if (!isObject(described)) throw new RangeError(`not described: ${operation}`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(whole, described) };
  }
  const source = { package: "@octokit/openapi", version, description: "api.github.com" };
  const extract = { source, paths, components: componentsOf(whole, paths) };
  return `${JSON.stringify(extract, null, 1)}\n`;
}

function operationOf(whole: JsonObject, described: JsonObject): Json {
  const { parameters = [], requestBody, responses = null } = described;
  const successes = entriesOf(responses).filter(([status]) => status.startsWith("2"));
  return {
    parameters,
    ...(requestBody === undefined ? {} : { requestBody: withoutProse(requestBody) }),
    responses: Object.fromEntries(
      successes.map(([status, answer]) => [status, answerOf(whole, answer)]),
    ),
  };
}

function answerOf(whole: JsonObject, answer: Json): Json {
  const { section = "", name = "" } = partsOf(at(answer, "$ref"));
  const described = section === "" ? answer : at(whole, "components", section, name);
  const schema = at(described, "content", "application/json", "schema");
  const [[, example] = ["", null]] = entriesOf(
    at(described, "content", "application/json", "examples"),
  );
  // An example is given by reference, or as a value that may be a reference.
  const reference = isObject(example) && "value" in example ? example["value"] : example;
  return { schema: withoutProse(schema), example: reference ?? null };
}

function partsOf(reference: Json): Readonly<Record<string, string>> {
  return (typeof reference === "string" && REFERENCE.exec(reference)?.groups) || {};
}

/** What is referred to by the operations, by what they refer to, and so on. */
function componentsOf(whole: JsonObject, paths: Json): Json {
  const found = new Map<string, Json>();
  const wanted = referencesIn(paths);
  for (const reference of wanted) {
    if (found.has(reference)) continue;
    const component = componentOf(whole, reference);
    found.set(reference, component);
    wanted.push(...referencesIn(component));
  }
  const components: Record<string, Record<string, Json>> = {};
  for (const [reference, component] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { section = "", name = "" } = partsOf(reference);
    components[section] = { ...components[section], [name]: component };
  }
  return components;
}

function componentOf(whole: JsonObject, reference: string): Json {
  const { section = "", name = "" } = partsOf(reference);
  const component = at(whole, "components", section, name);
  if (!isObject(component)) throw new RangeError(`not described: ${reference}`);
  switch (section) {
    case "examples":
      return at(component, "value");
    case "parameters":
      return withoutProse({ ...component, schema: schemaOf(component) });
    default:
      return withoutProse(component);
  }
}

/** Only prose says how long a page can be. */
function schemaOf({ schema = null, description = null }: JsonObject): Json {
  const [, most] = /\(max (\d+)\)/u.exec(JSON.stringify(description)) ?? [];
  return most === undefined || !isObject(schema) ? schema : { ...schema, maximum: Number(most) };
}

function referencesIn(json: Json): string[] {
  if (json === null || typeof json !== "object") return [];
  return Object.entries(json).flatMap(([key, value]: [string, Json]) =>
    key === "$ref" && typeof value === "string" ? [value] : referencesIn(value),
  );
}

function withoutProse(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutProse);
  if (!isObject(json)) return json;
  const kept = entriesOf(json).filter(([key]) => !PROSE.has(key) && !key.startsWith("x-"));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      // Below `properties` a title is no prose but the name of a property.
      return [key, key === "properties" ? eachWithoutProse(value) : withoutProse(value)];
    }),
  );
}

function eachWithoutProse(schemas: Json): Json {
  return Object.fromEntries(
    entriesOf(schemas).map(([name, schema]) => [name, withoutProse(schema)]),
  );
}

function at(json: Json, ...keys: string[]): Json {
  return keys.reduce<Json>((found, key) => (isObject(found) ? (found[key] ?? null) : null), json);
}

function entriesOf(json: Json): [string, Json][] {
  return isObject(json) ? Object.entries(json) : [];
}

function isObject(json: Json): json is JsonObject {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

if (import.meta.main) {
  program(
    "node script/extract-openapi.ts",
    "Writes test/fixtures/openapi/github.json from GitHub's OpenAPI description. Run it after changing the operations that src/github uses, or after an update of @octokit/openapi.",
  ).parse();
  writeFileSync(EXTRACT, extractOpenApi());
}
