import { readFileSync } from "node:fs";
import { buildASTSchema, parse } from "graphql";
import type { GraphQLSchema } from "graphql";

let schema: GraphQLSchema | undefined;

/**
 * GitHub's public schema, as `@octokit/graphql-schema` publishes it. It takes a fifth of a second
 * to build, so this is done at the first query, once in a process, and GitHub is trusted that it is valid.
 */
export function gitHubSchema(): GraphQLSchema {
  return (schema ??= buildGitHubSchema());
}

function buildGitHubSchema(): GraphQLSchema {
  // The package exports no path to the schema, and its own module parses five megabytes of JSON first.
  const file = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
  return buildASTSchema(parse(readFileSync(file, "utf8"), { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
}
