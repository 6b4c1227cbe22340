import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { readText, UsageError } from './graph.ts';

/** An operation that clients send, as the registry knows it. */
export interface RegisteredOperation {
  readonly name: string;
  readonly document: string;
  /** SHA-256 of the document, as trusted documents and APQ use it. */
  readonly hash: string;
  /** `client@version` of those who send it. */
  readonly clients: readonly string[];
  /** ISO date of the last report; null when only registered. */
  readonly lastSeen: string | null;
  /** How often it was sent in the window that was asked for; absent where nobody counts. */
  readonly requests?: number;
}

/** Reads every `.graphql` file of a folder: one operation each, fragments included. @throws {UsageError} naming the file. */
export function readOperations(folder: string, client: string): RegisteredOperation[] {
  const files = filesIn(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  return files.flatMap((file) => operationsOf(readText(join(folder, file)), join(folder, file), client));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new UsageError(`Cannot read the folder ${folder}: ${(cause as Error).message}`);
  }
}

/** The operations of one document. @throws {UsageError} naming the file it came from when it is not GraphQL. */
export function operationsOf(document: string, file: string, client: string): RegisteredOperation[] {
  const hash = createHash('sha256').update(document).digest('hex');
  try {
    const definitions = parse(document).definitions.filter(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    return definitions.map((node) => ({ name: node.name?.value ?? file, document, hash, clients: [client], lastSeen: null }));
  } catch (error) {
    if (error instanceof GraphQLError) throw new UsageError(`${file} is not GraphQL: ${error.message}`);
    throw error;
  }
}

/** @throws {UsageError} when an operation's hash is not that of its document: a manifest that was edited, or made by something else. */
export function assertHashes(operations: readonly RegisteredOperation[]): void {
  for (const { name, document, hash } of operations) {
    const actual = createHash('sha256').update(document).digest('hex');
    if (actual !== hash)
      throw new UsageError(
        `Operation ${name}: its hash is ${hash}, that of its document is ${actual}. Make the manifest again from the documents.`,
      );
  }
}
