import {
  type ArgumentDefinition,
  type Directive,
  type FieldDefinition,
  isInputObjectType,
  type Schema,
} from '@apollo/federation-internals';
import { directiveName, fieldsOf } from '@app/authorization';

/** `@listSize`: how many items a list field is expected to return. */
export interface ListSize {
  readonly assumedSize?: number;
  readonly slicingArguments?: readonly string[];
  readonly sizedFields?: readonly string[];
  readonly requireOneSlicingArgument?: boolean;
}

/** What a supergraph says about costs. @see https://ibm.github.io/graphql-specs/cost-spec.html */
export interface CostModel {
  /** `@cost(weight:)` by coordinate: `Type`, `Type.field`, `Type.field(argument:)`. */
  readonly weights: ReadonlyMap<string, number>;
  /** `@listSize` by `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

/** Reads `@cost` and `@listSize` under whatever names the supergraph links them. */
export function readCostModel(schema: Schema): CostModel {
  const cost = directiveName(schema, 'cost', 'cost');
  const listSize = directiveName(schema, 'cost', 'listSize');
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const read = (coordinate: string, element: { readonly appliedDirectives: readonly Directive[] }) => {
    for (const directive of element.appliedDirectives) {
      if (directive.name === cost) weights.set(coordinate, Number((directive.arguments() as { weight?: unknown }).weight));
      if (directive.name === listSize) listSizes.set(coordinate, directive.arguments() as ListSize);
    }
  };
  for (const type of schema.types()) {
    read(type.name, type);
    for (const field of fieldsOf(type)) {
      read(field.coordinate, field);
      for (const argument of field.arguments() as readonly ArgumentDefinition<FieldDefinition<never>>[])
        read(argumentCoordinate(field.coordinate, argument.name), argument);
    }
    if (isInputObjectType(type)) for (const field of type.fields()) read(`${type.name}.${field.name}`, field);
  }
  return { weights, listSizes };
}

/** The coordinate of an argument, as GraphQL's schema coordinates write it. */
export function argumentCoordinate(field: string, argument: string): string {
  return `${field}(${argument}:)`;
}
