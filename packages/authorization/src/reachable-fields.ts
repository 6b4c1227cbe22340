import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { RequirementIndex } from './requirement-index.ts';

/**
 * Every field that somebody gets who does not meet the requirements with these ids: `Type.field` to a shortest way there, such as
 * `Query.me → Account.orders`. Walks the schema breadth first through allowed fields.
 */
export function reachableFields(
  schema: GraphQLSchema,
  requirements: Pick<RequirementIndex, 'ofType' | 'ofField'>,
  denied: ReadonlySet<number>,
): Map<string, string> {
  const paths = new Map<string, string>();
  const visited = new Set<string>();
  const queue: { type: GraphQLNamedType; path: string }[] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ].flatMap((type) => (type ? [{ type, path: '' }] : []));
  for (const { type, path } of queue) {
    if (visited.has(type.name) || requirements.ofType(type.name).some((id) => denied.has(id))) continue;
    visited.add(type.name);
    if (isAbstractType(type)) queue.push(...schema.getPossibleTypes(type).map((possible) => ({ type: possible, path })));
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (requirements.ofField(type.name, field.name).some((id) => denied.has(id))) continue;
      const coordinate = `${type.name}.${field.name}`;
      const next = path === '' ? coordinate : `${path} → ${coordinate}`;
      paths.set(coordinate, next);
      queue.push({ type: getNamedType(field.type), path: next });
    }
  }
  return paths;
}
