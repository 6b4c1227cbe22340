import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** The supergraph offers no way to a field that the operation asks for. */
export class UnanswerableError extends Error {
  override readonly name = 'UnanswerableError';

  constructor(coordinate: string) {
    super(`No subgraph can be asked for ${coordinate} from where the operation asks for it.`);
  }
}

/** An operation that was planned. */
export interface PlannedDocument {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly schema: GraphQLSchema;
}

/**
 * Refuses a plan that leaves out a field. The planner drops, without a word, what it finds no way to: in a supergraph that was not checked
 * for it by composition, clients would be answered null for data that exists. Looked at are fields that every object at their place has.
 * @throws {UnanswerableError}
 */
export function assertAnswerable(plan: QueryPlan, { document, operationName, schema }: PlannedDocument): void {
  const operation = getOperationAST(document, operationName);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!operation || !rootType) return;
  const { node } = plan;
  const fetched = new PathSet();
  if (node?.kind === 'Subscription') {
    collectFetch(node.primary, [], fetched);
    if (node.rest) collectPaths(node.rest, [], fetched);
  } else if (node) collectPaths(node, [], fetched);
  const fragments = document.definitions.filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION);
  new Checker(schema, new Map(fragments.map((each) => [each.name.value, each])), fetched).check(operation.selectionSet, {
    type: rootType,
    path: [],
    conditions: new Map(),
  });
}

/** Places in a response, without list positions and types. */
class PathSet {
  private readonly paths = new Set<string>();

  add(path: readonly string[]): void {
    this.paths.add(path.join(' '));
  }

  has(path: readonly string[]): boolean {
    return this.paths.has(path.join(' '));
  }

  /** What stands under `from` stands under `to` too. */
  rename(from: readonly string[], to: readonly string[]): void {
    const [before, after] = [from.join(' '), to.join(' ')];
    for (const path of [...this.paths]) {
      if (path === before || path.startsWith(`${before} `)) this.paths.add(after + path.slice(before.length));
    }
  }
}

function collectPaths(node: PlanNode, path: readonly string[], fetched: PathSet): void {
  switch (node.kind) {
    case 'Fetch':
      collectFetch(node, path, fetched);
      return;
    case 'Flatten':
      collectPaths(node.node, [...path, ...node.path.map(String).filter((element) => element !== '@')], fetched);
      return;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) collectPaths(child, path, fetched);
      return;
    case 'Condition':
      for (const child of [node.ifClause, node.elseClause]) if (child) collectPaths(child, path, fetched);
      return;
    case 'Defer':
      for (const part of [node.primary, ...node.deferred]) if (part.node) collectPaths(part.node, path, fetched);
  }
}

function collectFetch(fetch: FetchNode, path: readonly string[], fetched: PathSet): void {
  const document = parse(fetch.operation, { noLocation: true });
  const operation = getOperationAST(document, fetch.operationName);
  const walk = (set: SelectionSetNode | undefined, at: readonly string[]): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, at);
      else {
        const inner = [...at, selection.alias?.value ?? selection.name.value];
        fetched.add(inner);
        walk(selection.selectionSet, inner);
      }
    }
  };
  const roots = operation?.selectionSet.selections ?? [];
  if (fetch.requires === undefined) walk(operation?.selectionSet, path);
  else for (const root of roots) if (root.kind === Kind.FIELD) walk(root.selectionSet, path);
  for (const rewrite of fetch.outputRewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const keys = rewrite.path.filter((element) => !element.startsWith('... on ') && element !== '@');
    fetched.rename([...path, ...keys], [...path, ...keys.slice(0, -1), rewrite.renameKeyTo]);
  }
}

type Conditions = ReadonlyMap<string, boolean>;

interface Place {
  readonly type: GraphQLCompositeType;
  readonly path: readonly string[];
  readonly conditions: Conditions;
}

class Checker {
  private readonly schema: GraphQLSchema;
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly fetched: PathSet;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, fetched: PathSet) {
    this.schema = schema;
    this.fragments = fragments;
    this.fetched = fetched;
  }

  check(set: SelectionSetNode, { type, path, conditions }: Place): void {
    for (const selection of set.selections) {
      const narrowed = narrow(conditions, selection.directives);
      if (narrowed === undefined) continue;
      if (selection.kind === Kind.FIELD) this.checkField(selection, { type, path, conditions: narrowed });
      else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
        const isForAll = fragment !== undefined && this.coversAll(fragment.typeCondition?.name.value, type);
        if (isForAll) this.check(fragment.selectionSet, { type, path, conditions: narrowed });
      }
    }
  }

  private checkField(node: FieldNode, { type, path, conditions }: Place): void {
    const name = node.name.value;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return;
    const at = [...path, node.alias?.value ?? name];
    const inner = getNamedType(field.type);
    // The planner drops an object with the last of its fields: what is missing inside is the reason.
    if (node.selectionSet && isCompositeType(inner)) this.check(node.selectionSet, { type: inner, path: at, conditions });
    if (!this.fetched.has(at)) throw new UnanswerableError(`${type.name}.${name}`);
  }

  /** True when every object of the type passes the condition. */
  private coversAll(condition: string | undefined, type: GraphQLCompositeType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.schema.getType(condition);
    return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && this.schema.isSubType(wanted, type);
  }
}

/** What variables must be for a selection to count; undefined when it never does. */
function narrow(conditions: Conditions, directives: readonly DirectiveNode[] = []): Conditions | undefined {
  const narrowed = new Map(conditions);
  for (const { name, arguments: args } of directives) {
    const isSkip = name.value === 'skip';
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    if (!isSkip && name.value !== 'include') continue;
    if (value?.kind === Kind.BOOLEAN && value.value === isSkip) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = value.name.value;
    if (narrowed.get(variable) === isSkip) return undefined;
    narrowed.set(variable, !isSkip);
  }
  return narrowed;
}
