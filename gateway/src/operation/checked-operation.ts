import type { PriceTag } from '@app/operation-cost';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { ProtectedOperation } from '../authorize/protected-operation.ts';

/** A document and its text. */
export interface KnownDocument {
  readonly source: string;
  /** SHA-256 of the source in hex, by which clients may ask for it (automatic persisted queries). */
  readonly sourceHash: string;
  readonly document: DocumentNode;
}

/** A document and which of its operations is meant. */
export interface OperationOrigin extends KnownDocument {
  readonly operationName: string | undefined;
  /** Stands for both. */
  readonly name: string;
}

/** What is known about an operation from its text and the schema alone; the same for every caller, so it is remembered. */
export interface CheckedOperation {
  readonly origin: OperationOrigin;
  /** How often it was asked for. */
  uses: number;
  readonly document: DocumentNode;
  /** What clients see of the schema that it was checked with. */
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  /** Hash of the document and the operation's name. */
  readonly key: string;
  /** How often it asks for each root field. */
  readonly rootFields: ReadonlyMap<string, number>;
  /** Variables that may not be null though their type says so: see {@link nullableConditions}. */
  readonly conditions: readonly string[];
  /** What it costs, given variables. */
  readonly price: PriceTag;
  /** What it asks of the caller. */
  readonly access: ProtectedOperation;
}
