import type { GraphQLSchema } from 'graphql';
import { CoordinateNumbers, FieldGraph } from './field-graph.ts';
import type { RequirementIndex } from './requirement-index.ts';

/**
 * Every field that somebody gets who does not meet the requirements with these ids: `Type.field` to a shortest way there, such as
 * `Query.me → Account.orders`.
 */
export function reachableFields(
  schema: GraphQLSchema,
  requirements: Pick<RequirementIndex, 'ofType' | 'ofField'>,
  denied: ReadonlySet<number>,
): Map<string, string> {
  const numbers = new CoordinateNumbers();
  const reach = new FieldGraph(schema, requirements, numbers).walk(denied);
  const wayTo = (field: number) => reach.wayTo(field).map((step) => numbers.nameOf(step));
  return new Map(reach.fields.map((field) => [numbers.nameOf(field), wayTo(field).join(' → ')]));
}
