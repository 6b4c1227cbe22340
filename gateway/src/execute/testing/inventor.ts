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
  /** Types of entities behind an interface, which an id has to tell apart. */
  private readonly mediaTypes: readonly string[];

  constructor(seed: string, mishaps: Mishaps, mediaTypes: readonly string[]) {
    this.seed = seed;
    this.mishaps = mishaps;
    this.mediaTypes = mediaTypes;
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
    const named = schema.getType(name);
    const names = isAbstractType(named)
      ? schema
          .getPossibleTypes(named)
          .map((possible) => possible.name)
          .sort()
      : [name];
    const typename = names[number % names.length] ?? name;
    const hasTypedId = typename === 'Media' || typename === 'Hidden' || this.mediaTypes.includes(typename);
    const idType = typename === 'Media' ? this.mediaTypes[number % this.mediaTypes.length] : typename;
    const isEntity = 'id' in (schema.getType(typename) as { getFields(): object }).getFields() || typename === 'Product';
    const identity = hasTypedId ? `${idType}:${(number >>> 8) % 5}` : isEntity ? `${typename}-${(number >>> 8) % 5}` : words.join('/');
    return { __typename: typename, identity, given: {} };
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
