import { operationFromDocument } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { compileRequirements, describeRequirement, type Requirement, type RequirementIndex } from '@app/authorization';
import { compilePrice, readCostModel } from '@app/operation-cost';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { loadSupergraph } from './compose.ts';
import { UsageError } from './graph.ts';
import { DEFAULT_LIST_SIZE, measurePlan, type OperationFigures } from './operation-figures.ts';

/** Roles and the scopes that they give. */
export type RoleScopes = Readonly<Record<string, readonly string[]>>;

/** What callers need for a field of an operation. */
export interface Need {
  readonly field: string;
  /** `signed in`, `orders:read`, `policy owner`. */
  readonly what: string;
  /** Roles that are enough; undefined when roles do not decide it. */
  readonly roles: readonly string[] | undefined;
}

/** What an operation does. */
export interface Explanation extends OperationFigures {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly plan: QueryPlan;
}

/** The operation to explain. */
export interface ExplainOptions {
  readonly text: string;
  /** For messages. */
  readonly file: string;
  /** Which operation of the file; may be left out when it has one. */
  readonly operationName?: string;
  readonly roles?: RoleScopes;
}

/**
 * Plans an operation and tells what it takes: cost, calls, how many of them wait for each other, and who gets all of it.
 * @throws {UsageError} when it is no GraphQL, does not fit the schema, or cannot be planned; with file and line.
 */
export function explain(supergraphSdl: string, options: ExplainOptions): Explanation {
  const supergraph = loadSupergraph(supergraphSdl);
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema({ includeDefer: true });
  const { document, operation } = readOperation(options, schema);
  const name = operation.name?.value;
  const price = compilePrice({
    schema,
    costs: readCostModel(supergraph.schema),
    document,
    operation,
    defaultListSize: DEFAULT_LIST_SIZE,
  });
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } });
  const plan = planned(() => planner.buildQueryPlan(operationFromDocument(api, document, { operationName: name })), options.file);
  const needs = needsOf(document, { schema, requirements: compileRequirements(supergraph.schema, schema), roles: options.roles ?? {} });
  return { name: name ?? options.file, cost: price({}).cost, ...measurePlan(plan), needs, plan };
}

/** An explanation for a terminal. */
export function explanationText({ cost, fetches, depth, needs, plan }: Explanation): string {
  const lines = [
    `cost      ${cost} (with the defaults of its variables)`,
    `calls     ${fetches}, ${depth} of them one after the other`,
    ...(needs.length === 0 ? ['needs     nothing: anybody gets all of it'] : needs.map(needLine)),
    '',
    prettyFormatQueryPlan(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function needLine({ field, what, roles }: Need): string {
  const who = roles === undefined ? '' : ` (${roles.length === 0 ? 'no role gives it' : `roles ${roles.join(', ')}`})`;
  return `needs     ${what}${who}, for ${field}`;
}

function readOperation(
  { text, file, operationName }: ExplainOptions,
  schema: GraphQLSchema,
): { document: DocumentNode; operation: OperationDefinitionNode } {
  try {
    const document = parse(text);
    const [mistake] = validate(schema, document);
    if (mistake) throw mistake;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new UsageError(`${file} has no such operation, or several: give --operation NAME.`);
    return { document, operation };
  } catch (error) {
    if (error instanceof GraphQLError) throw new UsageError(`${file}:${error.locations?.[0]?.line ?? 1}: ${error.message}`);
    throw error;
  }
}

function planned(make: () => QueryPlan, file: string): QueryPlan {
  try {
    return make();
  } catch (cause) {
    throw new UsageError(`${file}: the planner finds no way to answer it: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

interface NeedScope {
  readonly schema: GraphQLSchema;
  readonly requirements: RequirementIndex;
  readonly roles: RoleScopes;
}

function needsOf(document: DocumentNode, { schema, requirements, roles }: NeedScope): Need[] {
  const typeInfo = new TypeInfo(schema);
  const needs = new Map<string, Need>();
  const enter = (): void => {
    const [parent, definition] = [typeInfo.getParentType(), typeInfo.getFieldDef()];
    if (!parent || !definition) return;
    const found = requirements.ofField(parent.name, definition.name).flatMap((id) => requirements.all[id] ?? []);
    const field = `${parent.name}.${definition.name}`;
    if (found.length > 0) needs.set(field, { field, what: found.map(describeRequirement).join('; '), roles: rolesFor(found, roles) });
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
  return [...needs.values()];
}

function rolesFor(requirements: readonly Requirement[], roles: RoleScopes): readonly string[] | undefined {
  const lists = requirements.flatMap((requirement) => (requirement.kind === 'scopes' ? [requirement.anyOf] : []));
  if (lists.length === 0 || Object.keys(roles).length === 0) return undefined;
  const isEnough = (scopes: readonly string[]) =>
    lists.every((anyOf) => anyOf.some((list) => list.every((scope) => scopes.includes(scope))));
  return Object.entries(roles).flatMap(([role, scopes]) => (isEnough(scopes) ? [role] : []));
}
