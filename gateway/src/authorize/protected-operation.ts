import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Kind } from 'graphql';
import { type FilteredOperation, filterOperation } from './filter-operation.ts';
import type { AuthorizationRules } from './rules.ts';

/** An operation with the rules that it touches. */
export interface ProtectedOperation {
  /** Ids of all rules that some part of the operation asks for. */
  readonly ruleIds: readonly number[];
  /** What remains when these rules do not hold; remembered per combination. */
  without(denied: ReadonlySet<number>): FilteredOperation;
}

/** Different combinations of denied rules that are remembered per operation: roles are few, policies might not be. */
const REMEMBERED = 32;

/** Finds the rules of an operation, once per operation and schema. The document must be valid. */
export function protectOperation(
  schema: GraphQLSchema,
  rules: AuthorizationRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ProtectedOperation {
  const touched = new Set<number>();
  const input = { schema, rules, operation, fragments: fragmentsOf(document) };
  filterOperation(input, (id) => {
    touched.add(id);
    return false;
  });
  const remembered = new Map<string, FilteredOperation>();
  return {
    ruleIds: [...touched],
    without(denied) {
      const key = [...denied].sort((a, b) => a - b).join();
      const known = remembered.get(key);
      if (known) return known;
      if (remembered.size >= REMEMBERED) remembered.clear();
      const filtered = filterOperation(input, (id) => denied.has(id));
      remembered.set(key, filtered);
      return filtered;
    },
  };
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}
