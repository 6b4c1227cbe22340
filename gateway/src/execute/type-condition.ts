import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** True when an object of type `typename` (or, for interface objects, an interface) is also a `condition`. */
export function typeApplies(schema: GraphQLSchema, condition: string, typename: string): boolean {
  if (condition === typename) return true;
  const wanted = schema.getType(condition);
  const actual = schema.getType(typename);
  if (!isAbstractType(wanted)) return false;
  return (isObjectType(actual) || isInterfaceType(actual)) && schema.isSubType(wanted, actual);
}
