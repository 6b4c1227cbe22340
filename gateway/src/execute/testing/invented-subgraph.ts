import { createHash } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  parse,
} from 'graphql';
import { type Subgraphs, subgraphSdl } from './supergraphs.ts';

/** How often answers go wrong, as shares of 1. */
export interface Mishaps {
  readonly nulls: number;
  readonly errors: number;
}

interface InventedObject {
  readonly __typename: string;
  readonly identity: string;
  /** What the gateway sent along, for fields that require it. */
  readonly sent: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Answers one GraphQL request. */
export type Answer = (query: string, variables: Record<string, unknown>) => Promise<{ data?: unknown; errors?: unknown }>;

/**
 * Subgraphs whose every value is a function of the seed and of what was asked for, so that two executors that ask in different ways get
 * the same answers. Values of fields with `@requires` depend on what was sent, so that sending something else shows.
 */
export function inventSubgraphs(subgraphs: Subgraphs, seed: string, mishaps: Mishaps): Map<string, Answer> {
  const implementers = mediaTypes(subgraphs);
  return new Map(
    Object.entries(subgraphs).map(([name, sdl]) => [name, inventSubgraph(subgraphSdl(sdl), new Inventor(seed, mishaps, implementers))]),
  );
}

function inventSubgraph(sdl: string, inventor: Inventor): Answer {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: referenceResolvers(sdl, inventor) }] as never);
  const fieldResolver: GraphQLFieldResolver<InventedObject | undefined, unknown> = (parent, args, _context, info) =>
    inventor.field(schema, parent, args, info);
  return async (query, variables) => {
    const typeResolver = (value: { __typename: string }) => value.__typename;
    const result = await execute({ schema, document: parse(query), variableValues: variables, fieldResolver, typeResolver });
    return JSON.parse(JSON.stringify(result));
  };
}

function referenceResolvers(sdl: string, inventor: Inventor) {
  const entities = parse(sdl).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    const isEntity = definition.directives?.some((directive) => directive.name.value === 'key');
    return isEntity ? [{ name: definition.name.value, isInterface: definition.kind === Kind.INTERFACE_TYPE_DEFINITION }] : [];
  });
  const resolver = (isInterface: boolean) => (reference: Record<string, unknown>) => inventor.entity(reference, isInterface);
  return Object.fromEntries(entities.map(({ name, isInterface }) => [name, { __resolveReference: resolver(isInterface) }]));
}

/** Types of entities behind an interface, which an id has to tell apart. */
function mediaTypes(subgraphs: Subgraphs): string[] {
  return 'catalog' in subgraphs ? ['Book', 'Film'] : [];
}

class Inventor {
  private readonly seed: string;
  private readonly mishaps: Mishaps;
  private readonly mediaTypes: readonly string[];

  constructor(seed: string, mishaps: Mishaps, mediaTypes: readonly string[]) {
    this.seed = seed;
    this.mishaps = mishaps;
    this.mediaTypes = mediaTypes;
  }

  /** A number from 0 to 2³²-1 that only these words decide. */
  number(...words: string[]): number {
    return createHash('md5')
      .update([this.seed, ...words].join('\u0000'))
      .digest()
      .readUInt32LE();
  }

  share(...words: string[]): number {
    return this.number(...words) / 2 ** 32;
  }

  entity(reference: Record<string, unknown>, isInterface: boolean): InventedObject | null {
    const key = String(reference['id'] ?? reference['upc'] ?? String(reference['sku']).replace('sku-', ''));
    if (this.share('missing', key) < this.mishaps.nulls / 2) return null;
    const stated = String(reference['__typename']);
    const typename = isInterface ? (key.split(':')[0] ?? stated) : stated;
    return { __typename: typename, identity: key, sent: JSON.stringify(Object.entries(reference).sort()), given: reference };
  }

  field(
    schema: GraphQLSchema,
    parent: InventedObject | undefined,
    args: unknown,
    info: Parameters<GraphQLFieldResolver<unknown, unknown>>[3],
  ): unknown {
    const { fieldName, parentType, returnType } = info;
    const identity = parent?.identity ?? '';
    const isKey = (fieldName === 'id' || fieldName === 'upc' || fieldName === 'sku') && parent !== undefined;
    if (isKey) return fieldName === 'sku' ? `sku-${identity}` : identity;
    if (parent && ['price', 'weight', 'dimensions'].includes(fieldName) && fieldName in parent.given) return parent.given[fieldName];
    const isRequiring =
      parentType.getFields()[fieldName]?.astNode?.directives?.some((directive) => directive.name.value === 'requires') ?? false;
    const words = [
      parentType.name === 'Query' ? 'Query' : (parent?.identity ?? ''),
      fieldName,
      JSON.stringify(args),
      isRequiring ? (parent?.sent ?? '') : '',
    ];
    if (this.share('error', ...words) < this.mishaps.errors) throw new Error(`invented failure of ${fieldName}`);
    return this.value(schema, returnType, words);
  }

  value(schema: GraphQLSchema, type: GraphQLOutputType, words: string[]): unknown {
    if (isNonNullType(type)) return this.share('broken', ...words) < this.mishaps.nulls / 8 ? null : this.value(schema, type.ofType, words);
    if (this.share('null', ...words) < this.mishaps.nulls) return null;
    if (isListType(type))
      return Array.from({ length: this.number('length', ...words) % 4 }, (_, index) =>
        this.value(schema, type.ofType, [...words, String(index)]),
      );
    const named = getNamedType(type);
    const number = this.number('value', ...words);
    if (isEnumType(named)) return named.getValues()[number % named.getValues().length]?.name;
    if (isScalarType(named))
      return { Int: number % 1000, Float: number / 7, Boolean: number % 2 === 0 }[named.name] ?? `${words[1]}-"${number % 1000}"`;
    const names = isAbstractType(named) ? schema.getPossibleTypes(named).map((possible) => possible.name) : [named.name];
    const typename = names[number % names.length] ?? named.name;
    const hasTypedId = typename === 'Media' || typename === 'Hidden' || this.mediaTypes.includes(typename);
    const idType = typename === 'Media' ? this.mediaTypes[number % this.mediaTypes.length] : typename;
    const isEntity = 'id' in (schema.getType(typename) as { getFields(): object }).getFields() || typename === 'Product';
    const identity = hasTypedId ? `${idType}:${(number >>> 8) % 5}` : isEntity ? `${typename}-${(number >>> 8) % 5}` : words.join('/');
    return { __typename: typename, identity, sent: '', given: {} };
  }
}
