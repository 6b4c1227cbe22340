import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DocumentNode, type FieldNode, Kind, parse, print, type SelectionSetNode, stripIgnoredCharacters, visit } from 'graphql';
import type { FieldPaths, Requirements } from './requirements.ts';

/** Whether fields with these requirements may be asked for together. */
export type Fits = (required: FieldPaths, others: FieldPaths) => boolean;

/**
 * Divides an entity fetch into fetches of fields whose requirements fit each other. Each sends keys and what its own fields require. The
 * fetch itself when it need not be divided.
 */
export function splitFetch(fetch: FetchNode, requirements: Requirements, fits: Fits): readonly FetchNode[] {
  if (fetch.requires === undefined) return [fetch];
  const document = parse(fetch.operation, { noLocation: true });
  const fields = entityFields(document);
  const groups: Group[] = [];
  for (const { type, node } of fields) {
    const needs = requirements.of(fetch.serviceName, type, node.name.value);
    const group = groups.find((candidate) => fits(candidate.needs, needs));
    if (group === undefined) groups.push({ nodes: new Set([node]), needs: new Set(needs) });
    else {
      group.nodes.add(node);
      for (const need of needs) group.needs.add(need);
    }
  }
  if (groups.length < 2) return [fetch];
  const keys = new Set(fields.flatMap(({ type }) => [...requirements.keysOf(fetch.serviceName, type)]));
  const required = new Set(groups.flatMap(({ needs }) => [...needs]));
  return groups.map((group) => {
    const isSent = (path: string) => !required.has(path) || group.needs.has(path) || keys.has(path);
    return partOf(fetch, { document, fields, group, isSent });
  });
}

interface EntityField {
  readonly type: string;
  readonly node: FieldNode;
}

interface Group {
  readonly nodes: Set<FieldNode>;
  readonly needs: Set<string>;
}

/** The fields of the entities themselves, not of what they contain. Fetches of a plan have no named fragments. */
function entityFields(document: DocumentNode): EntityField[] {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found: EntityField[] = [];
  const walk = (set: SelectionSetNode | undefined, type: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) found.push({ type, node: selection });
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, selection.typeCondition?.name.value ?? type);
    }
  };
  for (const selection of operation?.selectionSet.selections ?? []) if (selection.kind === Kind.FIELD) walk(selection.selectionSet, '');
  return found;
}

interface Part {
  readonly document: DocumentNode;
  readonly fields: readonly EntityField[];
  readonly group: Group;
  readonly isSent: (path: string) => boolean;
}

function partOf(fetch: FetchNode, { document, fields, group, isSent }: Part): FetchNode {
  const all = new Set(fields.map(({ node }) => node));
  const kept: DocumentNode = visit(document, {
    Field: (node) => (all.has(node) && !group.nodes.has(node) ? null : undefined),
    InlineFragment: { leave: ({ selectionSet }) => (selectionSet.selections.length === 0 ? null : undefined) },
  });
  const used = usedVariables(kept);
  const operation: DocumentNode = visit(kept, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  const requires = onlySent(fetch.requires ?? [], '', isSent);
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

function onlySent(
  selections: readonly QueryPlanSelectionNode[],
  prefix: string,
  isSent: (path: string) => boolean,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    const path = selection.kind === 'Field' ? `${prefix}${selection.name}` : prefix;
    if (selection.selections === undefined) return isSent(path) ? [selection] : [];
    const inner = onlySent(selection.selections, selection.kind === 'Field' ? `${path}.` : prefix, isSent);
    return inner.length === 0 ? [] : [{ ...selection, selections: inner }];
  });
}
