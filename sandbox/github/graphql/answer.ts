import { execute, GraphQLError, parse, validate } from "graphql";
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema } from "graphql";
import type { Budget } from "../budgets.ts";
import type { Answer, Ask } from "../shapes.ts";
import { json, timestamp, trusted } from "../shapes.ts";
import { executionError, validationError } from "./errors.ts";
import { query } from "./repository.ts";
import { gitHubSchema } from "./schema.ts";
import type { Reader, Source } from "./source.ts";

/** What a query comes as. */
interface Query {
  readonly query?: unknown;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/**
 * Answers a query with 200 whatever is wrong with it, as GitHub does: with the errors of a query
 * that does not fit the schema, or with the data that there is and the errors met on the way.
 */
export async function answerQuery(ask: Ask, reader: Reader, budget: Budget): Promise<Answer> {
  const asked = trusted<Query>(ask.body ?? {});
  const rateLimit = () => ({
    cost: 1,
    limit: budget.limit,
    used: budget.used,
    remaining: budget.limit - budget.used,
    resetAt: timestamp(new Date(budget.resetAt)),
  });
  return json(200, await result(asked, query(reader, rateLimit)));
}

async function result(asked: Query, rootValue: Source): Promise<unknown> {
  if (typeof asked.query !== "string") {
    return { errors: [{ message: "A query attribute must be specified and must be a string." }] };
  }
  const schema = gitHubSchema();
  const reading = readOnce(schema, asked.query);
  if ("errors" in reading) return reading;
  const { document } = reading;
  const { data, errors } = await execute({
    schema,
    document,
    rootValue,
    variableValues: asked.variables,
    fieldResolver: resolve,
  });
  if (data === undefined) return { errors: errors?.map(validationError) };
  if (errors === undefined) return { data };
  return { data, errors: errors.map((error) => executionError(error.toJSON())) };
}

type Reading = { readonly document: DocumentNode } | { readonly errors: readonly unknown[] };

/** A bot asks the same again and again, and a query takes longer to check than to answer. */
const readings = new Map<string, Reading>();

function readOnce(schema: GraphQLSchema, source: string): Reading {
  const known = readings.get(source);
  if (known !== undefined) return known;
  const reading = read(schema, source);
  readings.set(source, reading);
  return reading;
}

function read(schema: GraphQLSchema, source: string): Reading {
  try {
    const document = parse(source);
    const wrong = validate(schema, document, undefined, { hideSuggestions: true });
    if (wrong.length === 0) return { document };
    return { errors: wrong.map(validationError) };
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    return { errors: [validationError(cause)] };
  }
}

/** Reads a field of a source. A field that GitHub has and the sandbox doesn't is an error. */
const resolve: GraphQLFieldResolver<Source, unknown> = (source, args, _, info) => {
  const { fieldName, parentType, operation } = info;
  const known = operation.operation === "query" && Object.hasOwn(source, fieldName);
  if (!known) throw new GraphQLError(`not faked: ${parentType.name}.${fieldName}`);
  const value = source[fieldName];
  return typeof value === "function" ? value(args) : value;
};
