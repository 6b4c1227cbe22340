import { createHash } from 'node:crypto';
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Kind, print } from 'graphql';
import { type Completion, compileCompletion, fragmentsForIntrospection } from './complete-result.ts';
import { type FilteredOperation, type FilterInput, filterOperation } from './filter-operation.ts';
import type { AuthorizationRules } from './rules.ts';

/** What remains of an operation, ready to execute. */
export interface Rest {
  readonly filtered: FilteredOperation;
  readonly document: DocumentNode;
  /** Hash of the document: plans of one caller's rest must not serve another's. */
  readonly key: string;
  /** Puts null where something was taken away. */
  readonly complete: Completion;
}

/** An operation with the rules that it touches. */
export interface ProtectedOperation {
  /** Ids of all rules that some part of the operation asks for. */
  readonly ruleIds: readonly number[];
  /** What remains when these rules do not hold; remembered per combination. */
  without(denied: ReadonlySet<number>): Rest;
}

/** An operation of a document, and the schema that it is valid on. */
export interface ProtectionInput {
  readonly schema: GraphQLSchema;
  readonly rules: AuthorizationRules;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Different combinations of denied rules that are remembered per operation: roles are few, policies might not be. */
const REMEMBERED = 32;

/** Finds the rules of an operation, once per operation and schema. The document must be valid. */
export function protectOperation({ schema, rules, document, operation }: ProtectionInput): ProtectedOperation {
  const touched = new Set<number>();
  const input = { schema, rules, operation, fragments: fragmentsOf(document) };
  filterOperation(input, (id) => {
    touched.add(id);
    return false;
  });
  const remembered = new Map<string, Rest>();
  return {
    ruleIds: [...touched],
    without(denied) {
      const key = [...denied].sort((a, b) => a - b).join();
      const known = remembered.get(key);
      if (known) return known;
      if (remembered.size >= REMEMBERED) remembered.clear();
      const rest = restOf(input, denied);
      remembered.set(key, rest);
      return rest;
    },
  };
}

function restOf(input: FilterInput, denied: ReadonlySet<number>): Rest {
  const filtered = filterOperation(input, (id) => denied.has(id));
  const definitions = [filtered.operation, ...fragmentsForIntrospection(filtered, input.fragments.values())];
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  const key = createHash('sha256').update(print(document)).digest('hex');
  return { filtered, document, key, complete: compileCompletion(input.schema, filtered) };
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}
