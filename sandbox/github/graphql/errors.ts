import { GraphQLError, Kind, print } from "graphql";
import type { ASTNode, DocumentNode, GraphQLFormattedError } from "graphql";
import type { Json } from "../shapes.ts";

/** An error that a resolver tells, with the type that GitHub gives it. */
export function typedError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** What there is not, or what the asker may not see: GitHub does not tell which. */
export function notFound(what: string): GraphQLError {
  return typedError("NOT_FOUND", `Could not resolve to ${what}.`);
}

/** An error met while a query was answered: GitHub puts its type before the path. */
export function executionError(error: GraphQLFormattedError): Json {
  const { message, path, locations, extensions: { type } = {} } = error;
  return { ...(type === undefined ? {} : { type }), path, locations, message };
}

/**
 * An error of a query that does not fit the schema. GitHub's server is graphql-ruby: a wrong field
 * and a wrong variable, the mistakes that are met most, are told in its words, others in those of graphql-js.
 */
export function validationError(error: GraphQLError, document: DocumentNode): Json {
  return undefinedField(error, document) ?? wrongVariable(error, document) ?? untold(error);
}

function untold(error: GraphQLError): Json {
  const { message, locations } = error.toJSON();
  return { message, locations };
}

function undefinedField(error: GraphQLError, document: DocumentNode): Json | undefined {
  const told = /^Cannot query field "(?<fieldName>\w+)" on type "(?<typeName>\w+)"/;
  const { fieldName, typeName } = told.exec(error.message)?.groups ?? {};
  const [node] = error.nodes ?? [];
  if (fieldName === undefined || typeName === undefined || node === undefined) return undefined;
  return {
    path: pathTo(node, document.definitions),
    extensions: { code: "undefinedField", typeName, fieldName },
    locations: error.toJSON().locations,
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
  };
}

function wrongVariable(error: GraphQLError, document: DocumentNode): Json | undefined {
  const name = /^Variable "\$(?<name>\w+)" (?:of required type|has invalid value)/.exec(
    error.message,
  )?.groups?.["name"];
  const definition = document.definitions
    .flatMap((it) => (it.kind === Kind.OPERATION_DEFINITION ? (it.variableDefinitions ?? []) : []))
    .find(({ variable }) => variable.name.value === name);
  if (definition === undefined) return undefined;
  return {
    extensions: { problems: [{ path: [], explanation: error.message }] },
    locations: error.toJSON().locations,
    message: `Variable $${name} of type ${print(definition.type)} was provided invalid value`,
  };
}

/** graphql-ruby's path to a node of a query: `query`, field by field, `... on Type`. */
function pathTo(target: ASTNode, among: readonly ASTNode[]): readonly string[] | undefined {
  for (const node of among) {
    const step = stepOf(node);
    if (node === target) return [step];
    const selections =
      "selectionSet" in node && node.selectionSet !== undefined ? node.selectionSet.selections : [];
    const rest = pathTo(target, selections);
    if (rest !== undefined) return [step, ...rest];
  }
  return undefined;
}

function stepOf(node: ASTNode): string {
  switch (node.kind) {
    case Kind.FIELD:
      return (node.alias ?? node.name).value;
    case Kind.INLINE_FRAGMENT:
      return node.typeCondition === undefined ? "..." : `... on ${node.typeCondition.name.value}`;
    case Kind.FRAGMENT_DEFINITION:
      return `fragment ${node.name.value}`;
    case Kind.OPERATION_DEFINITION:
      return node.name === undefined ? node.operation : `${node.operation} ${node.name.value}`;
    default:
      return node.kind;
  }
}
