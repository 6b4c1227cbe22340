import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import { mergeInto } from './merge.ts';
import { typeApplies } from './type-condition.ts';

/**
 * What a selection set takes from an object, copied into objects without a prototype; null when a selected field is missing, in the object or
 * in one inside. A fragment that lacks one of its fields contributes nothing, and so does one for another type.
 */
export function selectFields(schema: GraphQLSchema, source: JsonObject, selections: readonly QueryPlanSelectionNode[]): JsonObject | null {
  const result: JsonObject = Object.create(null);
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias ?? selection.name;
      const value = getOwn(source, key);
      const copied = value === undefined ? undefined : copy(schema, value, selection.selections);
      if (copied === undefined) return null;
      setOwn(result, key, copied);
    } else if (applies(schema, selection.typeCondition, source)) {
      const part = selectFields(schema, source, selection.selections);
      if (part !== null) mergeInto(result, part);
    }
  }
  return result;
}

function applies(schema: GraphQLSchema, condition: string | undefined, source: JsonObject): boolean {
  const typename = getOwn(source, '__typename');
  return condition !== undefined && typeof typename === 'string' && typeApplies(schema, condition, typename);
}

/** Undefined when something is missing inside. */
function copy(schema: GraphQLSchema, value: unknown, selections: readonly QueryPlanSelectionNode[] | undefined): unknown {
  if (selections === undefined || selections.length === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(schema, item, selections));
    return items.includes(undefined) ? undefined : items;
  }
  return isJsonObject(value) ? (selectFields(schema, value, selections) ?? undefined) : null;
}
