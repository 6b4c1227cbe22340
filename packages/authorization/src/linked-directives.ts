import {
  type CompositeType,
  type FieldDefinition,
  isInterfaceType,
  isObjectType,
  type NamedType,
  type Schema,
} from '@apollo/federation-internals';

const SPEC = 'https://specs.apollo.dev/';

/** Finds the name that a directive has in this schema: `@link` may rename or prefix it. Undefined: the feature is not linked. */
export function directiveName(schema: Schema, feature: string, directive: string): string | undefined {
  return schema.coreFeatures?.getByIdentity(SPEC + feature)?.directiveNameInSchema(directive);
}

/** Fields of an object or interface type; none of others. */
export function fieldsOf(type: NamedType): readonly FieldDefinition<CompositeType>[] {
  return isObjectType(type) || isInterfaceType(type) ? (type.fields() as readonly FieldDefinition<CompositeType>[]) : [];
}
