import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from 'graphql';
import { jsonText, quote } from './json-text.ts';
import type { Position, Writer } from './shape-state.ts';

/**
 * Compiles the writer of a scalar or enum. Values that do not fit a built-in scalar, or are no value of the enum that clients know, become
 * null with an error; custom scalars are passed through as they are, unless there is no JSON for them.
 */
export function leafWriter(type: GraphQLLeafType, position: Position): Writer {
  const write = isEnumType(type) ? enumText(type) : (builtIn.get(type.name) ?? scalarText);
  return (value, state) => write(value) ?? position.fail(state, 'Invalid value found for');
}

type LeafText = (value: unknown) => string | undefined;

function enumText(type: GraphQLEnumType): LeafText {
  const texts = new Map(type.getValues().map(({ name }) => [name, `"${name}"`]));
  return (value) => (typeof value === 'string' ? texts.get(value) : undefined);
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  try {
    return jsonText(value);
  } catch {
    // `JSON.parse` reads what is nested deeper than `JSON.stringify` writes.
    return undefined;
  }
}

const stringText: LeafText = (value) => (typeof value === 'string' ? quote(value) : undefined);

const builtIn: ReadonlyMap<string, LeafText> = new Map<string, LeafText>([
  [GraphQLString.name, stringText],
  [GraphQLID.name, (value) => (Number.isInteger(value) ? String(value) : stringText(value))],
  [GraphQLInt.name, (value) => (Number.isInteger(value) ? String(value) : undefined)],
  [GraphQLFloat.name, (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined)],
  [GraphQLBoolean.name, (value) => (typeof value === 'boolean' ? String(value) : undefined)],
]);
