import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { RequiredVariants } from './required-variants.ts';

/**
 * One fetch for each set of fields whose `@requires` agree: a representation has room for one value of a field, so what requires it with
 * other arguments must be asked for with another representation.
 */
export function splitByVariants(fetch: FetchNode, variants: RequiredVariants): readonly FetchNode[] {
  if (fetch.requires === undefined || !isAmbiguous(variantsIn(fetch.requires, variants), variants)) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const groups = groupFields(entityFields(document), { subgraph: fetch.serviceName, variants });
  return groups.map((group) => partOf(fetch, { document, group, variants }));
}

interface EntityField {
  readonly type: string;
  readonly node: FieldNode;
}

interface Group {
  readonly nodes: Set<FieldNode>;
  readonly needs: Set<string>;
}

/** The fields of the entities themselves, not of what they contain. */
function entityFields(document: DocumentNode): EntityField[] {
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  const found: EntityField[] = [];
  const walk = (set: SelectionSetNode | undefined, type: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) found.push({ type, node: selection });
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      else {
        const fragment = document.definitions.find(
          (node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
        );
        walk(fragment?.selectionSet, fragment?.typeCondition.name.value ?? type);
      }
    }
  };
  for (const selection of operation?.selectionSet.selections ?? []) if (selection.kind === Kind.FIELD) walk(selection.selectionSet, '');
  return found;
}

function groupFields(fields: readonly EntityField[], { subgraph, variants }: { subgraph: string; variants: RequiredVariants }): Group[] {
  const groups: Group[] = [];
  for (const { type, node } of fields) {
    const needs = variants.neededFor(subgraph, type, node.name.value);
    const group = groups.find((candidate) => needs.length === 0 || !isAmbiguous(new Set([...candidate.needs, ...needs]), variants));
    if (group === undefined) groups.push({ nodes: new Set([node]), needs: new Set(needs) });
    else {
      group.nodes.add(node);
      for (const need of needs) group.needs.add(need);
    }
  }
  return groups;
}

/** True when two of these would stand under one name in a representation. */
function isAmbiguous(names: ReadonlySet<string>, { byName }: RequiredVariants): boolean {
  const fields = [...names].map((name) => byName.get(name)?.field);
  return new Set(fields).size < fields.length;
}

function variantsIn(selections: readonly QueryPlanSelectionNode[], variants: RequiredVariants): Set<string> {
  const names = selections.flatMap((selection) => [
    ...(selection.kind === 'Field' && variants.byName.has(selection.name) ? [selection.name] : []),
    ...variantsIn(selection.selections ?? [], variants),
  ]);
  return new Set(names);
}

interface Part {
  readonly document: DocumentNode;
  readonly group: Group;
  readonly variants: RequiredVariants;
}

function partOf(fetch: FetchNode, { document, group, variants }: Part): FetchNode {
  const all = new Set(entityFields(document).map(({ node }) => node));
  const kept: DocumentNode = visit(document, {
    Field: (node) => (all.has(node) && !group.nodes.has(node) ? null : undefined),
    InlineFragment: { leave: ({ selectionSet }) => (selectionSet.selections.length === 0 ? null : undefined) },
  });
  const used = usedVariables(kept);
  const operation: DocumentNode = visit(kept, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  const requires = withoutOthers(fetch.requires ?? [], { group, variants });
  const variableUsages = fetch.variableUsages?.filter((name) => used.has(name));
  return { ...fetch, operation: stripIgnoredCharacters(print(operation)), requires, ...(variableUsages && { variableUsages }) };
}

function usedVariables(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}

/** What a group requires: keys, and of the variants only its own. */
function withoutOthers(
  selections: readonly QueryPlanSelectionNode[],
  scope: { group: Group; variants: RequiredVariants },
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field' && scope.variants.byName.has(selection.name) && !scope.group.needs.has(selection.name)) return [];
    if (selection.selections === undefined) return [selection];
    const inner = withoutOthers(selection.selections, scope);
    return inner.length === 0 ? [] : [{ ...selection, selections: inner }];
  });
}
