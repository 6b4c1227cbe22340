import type { QueryPlan } from '@apollo/query-planner';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fetchedPaths, type PathSet } from './fetched-paths.ts';
import { type Fragments, fragmentsOf } from './fragments.ts';

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
  const checker = new Checker(schema, fragmentsOf(document), fetchedPaths(plan));
  checker.check(operation.selectionSet, { type: rootType, path: [], conditions: new Map() });
}

type Conditions = ReadonlyMap<string, boolean>;

interface Place {
  readonly type: GraphQLCompositeType;
  readonly path: readonly string[];
  readonly conditions: Conditions;
}

class Checker {
  private readonly schema: GraphQLSchema;
  private readonly fragments: Fragments;
  private readonly fetched: PathSet;

  constructor(schema: GraphQLSchema, fragments: Fragments, fetched: PathSet) {
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
