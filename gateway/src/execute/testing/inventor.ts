import { createHash } from 'node:crypto';
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';

/** How often answers go wrong, as shares of 1. */
export interface Mishaps {
  readonly nulls: number;
  readonly errors: number;
}

/** Types behind the interface `Media`, which an id has to tell apart: some subgraphs know only the interface. */
export interface MediaTypes {
  readonly names: readonly string[];
  /** Whether the subgraph that knows the types also answers with the one that clients may not see. */
  readonly hasHidden: boolean;
}

/** An object that has nothing but an identity: its fields follow from that. */
export interface InventedObject {
  readonly __typename: string;
  readonly identity: string;
  /** What the gateway sent along, for fields that require it. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** One field of one object. */
export interface Invention {
  readonly schema: GraphQLSchema;
  readonly parent: InventedObject | undefined;
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly args: unknown;
  /** What the field was computed from; empty when it requires nothing. */
  readonly from: string;
}

const KEYS: readonly string[] = ['id', 'upc', 'sku'];

/** Invents values that are functions of a seed and of what is asked for, whoever asks. */
export class Inventor {
  private readonly seed: string;
  private readonly mishaps: Mishaps;
  private readonly media: MediaTypes;

  constructor(seed: string, mishaps: Mishaps, media: MediaTypes) {
    this.seed = seed;
    this.mishaps = mishaps;
    this.media = media;
  }

  entity(reference: Record<string, unknown>, isInterface: boolean): InventedObject | null {
    const key = String(reference['id'] ?? reference['upc'] ?? String(reference['sku']).replace('sku-', ''));
    if (this.share('missing', key) < this.mishaps.nulls / 2) return null;
    const stated = String(reference['__typename']);
    const typename = isInterface ? (key.split(':')[0] ?? stated) : stated;
    return { __typename: typename, identity: key, given: reference };
  }

  field({ schema, parent, parentType, field, args, from }: Invention): unknown {
    const identity = parent?.identity ?? '';
    if (KEYS.includes(field.name) && parent !== undefined) return field.name === 'sku' ? `sku-${identity}` : identity;
    const words = [parentType.name === 'Query' ? 'Query' : identity, field.name, JSON.stringify(args), from];
    if (this.share('error', ...words) < this.mishaps.errors) throw new Error(`invented failure of ${field.name}`);
    return this.value(schema, field.type, words);
  }

  private value(schema: GraphQLSchema, type: GraphQLOutputType, words: string[]): unknown {
    if (isNonNullType(type)) return this.share('broken', ...words) < this.mishaps.nulls / 8 ? null : this.value(schema, type.ofType, words);
    if (this.share('null', ...words) < this.mishaps.nulls) return null;
    if (isListType(type))
      return Array.from({ length: this.number('length', ...words) % 4 }, (_, index) =>
        this.value(schema, type.ofType, [...words, String(index)]),
      );
    const named = getNamedType(type);
    const number = this.number('value', ...words);
    if (isEnumType(named))
      return named
        .getValues()
        .map((value) => value.name)
        .sort()[number % named.getValues().length];
    if (isScalarType(named))
      return { Int: number % 1000, Float: number / 7, Boolean: number % 2 === 0 }[named.name] ?? `${words[1]}-"${number % 1000}"`;
    return this.object(schema, named.name, words);
  }

  private object(schema: GraphQLSchema, name: string, words: readonly string[]): InventedObject {
    const number = this.number('value', ...words);
    const concrete = this.media.names[number % this.media.names.length] ?? name;
    const typename = this.typename(schema, { name, number, concrete });
    const isMedia = typename === 'Media' || typename === 'Hidden' || this.media.names.includes(typename);
    const isEntity = 'id' in (schema.getType(typename) as { getFields(): object }).getFields() || typename === 'Product';
    const idType = isMedia ? (typename === 'Media' ? concrete : typename) : typename;
    const entity = `${idType}${isMedia ? ':' : '-'}${(number >>> 8) % 5}`;
    return { __typename: typename, identity: isEntity ? entity : words.join('/'), given: {} };
  }

  private typename(schema: GraphQLSchema, { name, number, concrete }: { name: string; number: number; concrete: string }): string {
    const named = schema.getType(name);
    if (!isAbstractType(named)) return name;
    if (name === 'Media' && !this.media.hasHidden) return concrete;
    const names = schema
      .getPossibleTypes(named)
      .map((possible) => possible.name)
      .sort();
    return names[number % names.length] ?? name;
  }

  /** A number from 0 to 2³²-1 that only these words decide. */
  private number(...words: string[]): number {
    return createHash('md5')
      .update([this.seed, ...words].join('\u0000'))
      .digest()
      .readUInt32LE();
  }

  private share(...words: string[]): number {
    return this.number(...words) / 2 ** 32;
  }
}
