import { GraphQLError } from "graphql";
import type { GraphQLFormattedError } from "graphql";
import type { Json } from "../shapes.ts";

/** An error that a resolver throws, with GitHub's type for it. */
export function typedError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** Something that doesn't exist or that the asker can't see: GitHub doesn't say which. */
export function notFound(what: string): GraphQLError {
  return typedError("NOT_FOUND", `Could not resolve to ${what}.`);
}

/** An error met while a query was answered: GitHub puts its type before the path. */
export function executionError(error: GraphQLFormattedError): Json {
  const { message, path, locations, extensions: { type } = {} } = error;
  return { ...(type === undefined ? {} : { type }), path, locations, message };
}

/** An error of a query that does not fit the schema, in the words of graphql-js; GitHub's differ. */
export function validationError(error: GraphQLError): Json {
  const { message, locations } = error.toJSON();
  return { message, locations };
}
