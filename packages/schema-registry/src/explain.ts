import { operationFromDocument } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { compileRequirements, describeRequirement } from '@app/authorization';
import { type GraphQLSchema, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { loadSupergraph } from './compose.ts';
import { UsageError } from './graph.ts';
import { measurePlan, operationFigures } from './operation-figures.ts';

/**
 * What an operation does: its cost, how many calls its plan makes and how many wait for each other, what callers need for which field, and
 * the plan as text.
 * @throws {UsageError} when the operation does not fit the schema, with the place.
 */
export function explain(supergraphSdl: string, text: string, file: string): string {
  const supergraph = loadSupergraph(supergraphSdl);
  const api = supergraph.apiSchema();
  const schema: GraphQLSchema = api.toGraphQLJSSchema();
  const document = parse(text);
  const [mistake] = validate(schema, document);
  if (mistake) throw new UsageError(`${file}:${mistake.locations?.[0]?.line ?? 1}: ${mistake.message}`);
  const plan = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } }).buildQueryPlan(
    operationFromDocument(api, document, {}),
  );
  const { fetches, depth } = measurePlan(plan);
  const look = operationFigures(supergraph)({ document: text });
  const lines = [
    `cost      ${look.kind === 'measured' ? look.figures.cost : 'unknown'} (with the defaults of its variables)`,
    `calls     ${fetches}, ${depth} of them one after the other`,
    ...needsOf(schema, compileRequirements(supergraph.schema, schema), text),
    '',
    prettyFormatQueryPlan(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function needsOf(schema: GraphQLSchema, requirements: ReturnType<typeof compileRequirements>, text: string): string[] {
  const typeInfo = new TypeInfo(schema);
  const needs = new Map<string, string>();
  const enter = (): void => {
    const [parent, field] = [typeInfo.getParentType(), typeInfo.getFieldDef()];
    if (!parent || !field) return;
    const found = requirements.ofField(parent.name, field.name).flatMap((id) => requirements.all[id] ?? []);
    if (found.length > 0) needs.set(`${parent.name}.${field.name}`, found.map(describeRequirement).join('; '));
  };
  visit(parse(text), visitWithTypeInfo(typeInfo, { Field: { enter } }));
  return needs.size === 0
    ? ['needs     nothing: anybody gets all of it']
    : [...needs].map(([field, what]) => `needs     ${what}, for ${field}`);
}
