import type { FetchDataRewrite, FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DocumentNode, Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { RequiredVariants } from './required-variants.ts';

/**
 * Turns a fetch planned with {@link RequiredVariants} into one that subgraphs understand: they are asked for the fields themselves, with
 * arguments, under the variants' names; representations get the values under the fields' names.
 */
export function restoreVariants(fetch: FetchNode, variants: RequiredVariants): FetchNode {
  if (variants.size === 0) return fetch;
  const renames = renamesOf(fetch.requires ?? [], variants, []);
  const operation = restoreOperation(fetch.operation, variants);
  if (renames.length === 0) return { ...fetch, operation };
  // The planner's own rewrites come last: they may change the type names that paths go by.
  return { ...fetch, operation, inputRewrites: [...renames, ...(fetch.inputRewrites ?? [])] };
}

function restoreOperation(operation: string, variants: RequiredVariants): string {
  if (!operation.includes('__required_')) return operation;
  const document: DocumentNode = visit(parse(operation, { noLocation: true }), {
    Field: (node) => {
      const variant = variants.get(node.name.value);
      if (variant === undefined) return undefined;
      const alias = node.alias ?? { kind: Kind.NAME, value: variant.name };
      return { ...node, alias, name: { kind: Kind.NAME, value: variant.field }, arguments: variant.arguments };
    },
  });
  return stripIgnoredCharacters(print(document));
}

/** Innermost first: a path leads through names that have not been changed yet. */
function renamesOf(selections: readonly QueryPlanSelectionNode[], variants: RequiredVariants, path: readonly string[]): FetchDataRewrite[] {
  return selections.flatMap((selection): FetchDataRewrite[] => {
    if (selection.kind === 'InlineFragment') {
      const at = selection.typeCondition === undefined ? path : [...path, `... on ${selection.typeCondition}`];
      return renamesOf(selection.selections, variants, at);
    }
    const at = [...path, selection.alias ?? selection.name];
    const inner = renamesOf(selection.selections ?? [], variants, at);
    const variant = variants.get(selection.name);
    return variant === undefined ? inner : [...inner, { kind: 'KeyRenamer', path: at, renameKeyTo: variant.field }];
  });
}
