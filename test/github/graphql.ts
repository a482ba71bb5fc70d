import * as fc from "fast-check";
import type { GraphQLFieldResolver, GraphQLNullableOutputType, GraphQLOutputType } from "graphql";
import {
  executeSync,
  getVariableValues,
  GraphQLError,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  validate,
} from "graphql";
import { z } from "zod";
import { gitHubSchema } from "../../sandbox/github/graphql/schema.ts";

/**
 * What there is to return, by the names that a query uses. It says what it is (`__typename`) where the
 * schema leaves that open. Where there is an error, GitHub returns that instead.
 */
export interface Source {
  readonly [name: string]: unknown;
}

const querySchema = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
});

/** The problems of a query by GitHub's own schema: none, if it's valid. */
export function problemsOfQuery(body: unknown): string[] {
  const asked = querySchema.safeParse(body);
  if (!asked.success) return ["the body is no query"];
  const { query, variables } = asked.data;
  const wrong = problemsOfSource(query);
  return wrong.length > 0 ? wrong : problemsOfVariables(query, variables);
}

/** Validated once: the code has few queries, and GitHub's schema is large. */
const problemsOfSource = remembered((query) => {
  try {
    return messagesOf(validate(gitHubSchema(), documentOf(query)));
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message];
    throw error;
  }
});

const documentOf = remembered((query) => parse(query));

function remembered<Value>(work: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text) ?? work(text);
    known.set(text, value);
    return value;
  };
}

function problemsOfVariables(query: string, variables: Readonly<Record<string, unknown>>) {
  const declared = documentOf(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  const { errors = [] } = getVariableValues(gitHubSchema(), declared, variables);
  const names = new Set(declared.map(({ variable }) => variable.name.value));
  const others = Object.keys(variables).filter((name) => !names.has(name));
  return [...messagesOf(errors), ...others.map((name) => `Variable "$${name}" is not declared.`)];
}

function messagesOf(errors: readonly GraphQLError[]): string[] {
  return errors.map(({ message }) => message);
}

/** An error that GitHub returns in some part of its answer, or as all of it. */
export function refusal(message: string, type?: string): GraphQLError {
  return new GraphQLError(message, { extensions: { prepared: true, type } });
}

/**
 * GitHub's answer to a query: no more than it asks for, and errors with null in their place. The
 * problems are what it could not answer by its schema: mocks must not lie.
 */
export function answerTo(body: unknown, rootValue: Source | GraphQLError) {
  if (rootValue instanceof GraphQLError) {
    return { answer: { errors: [errorFrom(rootValue)] }, problems: [] };
  }
  const { query, variables } = querySchema.parse(body);
  const { data, errors = [] } = executeSync({
    schema: gitHubSchema(),
    document: documentOf(query),
    rootValue,
    variableValues: variables,
    fieldResolver: resolve,
  });
  const prepared = errors.filter(isPrepared).map(errorFrom);
  return {
    answer: { data, ...(prepared.length === 0 ? {} : { errors: prepared }) },
    problems: messagesOf(errors.filter((error) => !isPrepared(error))),
  };
}

const resolve: GraphQLFieldResolver<Source, unknown> = (source, { first, last }, _, info) => {
  const { path, parentType, returnType } = info;
  const value = source[path.key];
  const name = `${parentType.name}.${path.key}`;
  if (value === undefined) throw new Error(`not prepared: ${name}`);
  if (value instanceof Error) throw value;
  const type = isNonNullType(returnType) ? returnType.ofType : returnType;
  if (value !== null && !isOf(type, value)) throw new Error(`of another type: ${name}`);
  const most: unknown = first ?? last;
  const nodes = isSource(value) ? value["nodes"] : null;
  if (typeof most === "number" && Array.isArray(nodes) && nodes.length > most) {
    throw new Error(`more than the ${most} that were asked for: ${name}`);
  }
  return value;
};

/** Without this graphql-js would make text of a number; of GitHub's own scalars it knows nothing. */
function isOf(type: GraphQLNullableOutputType, value: unknown): boolean {
  if (!isLeafType(type)) return true;
  if (type.name === "GitObjectID") return /^[0-9a-f]{40}$/u.test(String(value));
  return type.coerceOutputValue(value) === value;
}

function isSource(value: unknown): value is Source {
  return typeof value === "object" && value !== null;
}

function isPrepared({ extensions }: GraphQLError): boolean {
  return extensions["prepared"] === true;
}

function errorFrom({ message, path, locations, extensions: { type } }: GraphQLError): Source {
  return { ...(type === undefined ? {} : { type }), path, locations, message };
}

/** Something that GitHub may answer, as far as its schema says. */
export function anyAnswerTo(body: unknown, any: fc.GeneratorValue): unknown {
  const { query, variables } = querySchema.parse(body);
  const { data } = executeSync({
    schema: gitHubSchema(),
    document: documentOf(query),
    rootValue: {},
    variableValues: variables,
    fieldResolver: (_source, _arguments, _context, { returnType }) => anythingOf(returnType, any),
    typeResolver: (_value, _context, { schema }, type) =>
      any(fc.constantFrom, ...schema.getPossibleTypes(type).map(({ name }) => name)),
  });
  // As it comes over the wire.
  return JSON.parse(JSON.stringify(data));
}

function anythingOf(type: GraphQLOutputType, any: fc.GeneratorValue): unknown {
  if (isNonNullType(type)) return somethingOf(type.ofType, any);
  return any(fc.nat, 3) === 0 ? null : somethingOf(type, any);
}

function somethingOf(type: GraphQLNullableOutputType, any: fc.GeneratorValue): unknown {
  if (isListType(type)) {
    return Array.from({ length: any(fc.nat, 3) }, () => anythingOf(type.ofType, any));
  }
  if (!isLeafType(type)) return {};
  if (isEnumType(type)) return any(fc.constantFrom, ...type.getValues().map(({ name }) => name));
  if (type.name === "Boolean") return any(fc.boolean);
  return type.name === "Int" ? any(fc.nat) : any(fc.string);
}
