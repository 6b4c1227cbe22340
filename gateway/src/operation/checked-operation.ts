import type { PriceTag } from '@app/operation-cost';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { ProtectedOperation } from '../authorize/protected-operation.ts';

/** What is known about an operation from its text and the schema alone; the same for every caller, so it is remembered. */
export interface CheckedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Hash of the document and the operation's name. */
  readonly key: string;
  /** How often it asks for each root field. */
  readonly rootFields: ReadonlyMap<string, number>;
  /** What it costs, given variables. */
  readonly price: PriceTag;
  /** What it asks of the caller. */
  readonly access: ProtectedOperation;
}
