import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { type GraphQLSchema, parse } from 'graphql';
import type { AffectedOperation, Finding, Severity } from './finding.ts';
import { coordinatesOf, type RegisteredOperation } from './operations.ts';

/** What changes between two schemas that clients see, judged by the operations in use. */
export interface ChangesOptions {
  readonly from: GraphQLSchema;
  readonly to: GraphQLSchema;
  /** Operations in use. When there are none, nothing is known and every breaking change is an error. */
  readonly operations: readonly RegisteredOperation[];
}

/**
 * One finding for each change. Breaking for an operation in use: error. Breaking, but nobody uses it: warning.
 * Dangerous (enum values and union members that are added): warning where operations read them, info elsewhere.
 */
export async function findChanges({ from, to, operations }: ChangesOptions): Promise<Finding[]> {
  const changes = await diff(from, to);
  const used = operations.map((operation) => ({ operation, coordinates: coordinatesOf(parse(operation.document), from) }));
  return changes.map((change) => {
    const coordinate = coordinateOf(change);
    const isSafe = change.criticality.level === CriticalityLevel.NonBreaking;
    const affected = (isSafe ? [] : used)
      .filter(({ coordinates }) => touches(change, coordinate, coordinates))
      .map(({ operation }) => affectedOperation(operation));
    return {
      severity: severityOf(change, affected.length > 0 || operations.length === 0),
      code: change.type,
      message: change.message,
      coordinate,
      ...(affected.length > 0 && { operations: affected }),
      ...wayOutOf(change),
    };
  });
}

function severityOf(change: Change, isUsed: boolean): Severity {
  switch (change.criticality.level) {
    case CriticalityLevel.Breaking:
      return isUsed ? 'error' : 'warning';
    case CriticalityLevel.Dangerous:
      return isUsed ? 'warning' : 'info';
    case CriticalityLevel.NonBreaking:
      return 'info';
  }
}

/** `Query.b.x` of the diff is an argument: as a coordinate `Query.b(x:)`. */
function coordinateOf({ path = '', type }: Change): string {
  const parts = path.split('.');
  return parts.length === 3 && type.startsWith('FIELD_ARGUMENT') ? `${parts[0]}.${parts[1]}(${parts[2]}:)` : path;
}

/** A required argument that is added concerns those who use the field; added input fields, enum values and members those who use the type. */
function touches(change: Change, coordinate: string, used: ReadonlySet<string>): boolean {
  const [type = '', field] = coordinate.replace(/\(.*/, '').split('.');
  if (/_ADDED$/.test(change.type)) return used.has(change.type.startsWith('FIELD_ARGUMENT') ? `${type}.${field}` : type);
  if (change.type === 'ENUM_VALUE_REMOVED') return used.has(type);
  return used.has(coordinate);
}

function affectedOperation({ name, clients, lastSeen }: RegisteredOperation): AffectedOperation {
  return { name, clients, lastSeen };
}

function wayOutOf({ type, criticality }: Change): { wayOut?: string } {
  if (criticality.level !== CriticalityLevel.Breaking) return {};
  if (type.endsWith('_REMOVED'))
    return { wayOut: 'Keep it, mark it @deprecated with a reason and a date, and remove it once no operation uses it.' };
  if (type.includes('TYPE_CHANGED'))
    return { wayOut: 'Add a new field or argument with the new type beside the old one, and deprecate the old one.' };
  if (type.endsWith('_ADDED')) return { wayOut: 'Make it optional, or give it a default.' };
  return { wayOut: 'Move the operations named here first, or approve the change with a reason.' };
}
