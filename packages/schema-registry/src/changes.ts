import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { type GraphQLSchema, isRequiredArgument, isRequiredInputField, resolveSchemaCoordinate } from 'graphql';
import type { Finding, Severity } from './finding.ts';
import { affectedOperation, type OperationUse, type UsedOperation } from './operation-use.ts';

/** What changes between two schemas that clients see, judged by the operations in use. */
export interface ChangesOptions {
  readonly from: GraphQLSchema;
  readonly to: GraphQLSchema;
  /** Operations and what they use of `from`. */
  readonly uses: readonly UsedOperation[];
  /** Whether what is not in `uses` is known to be unused; otherwise every breaking change is an error. By default, when there is any use. */
  readonly isUsageKnown?: boolean | undefined;
}

/**
 * One finding for each change that a client could notice. Breaking for an operation in use: error. Breaking, but nobody uses it: warning.
 * Dangerous (values that operations did not meet before, other defaults): warning for those who read them or leave them out, info elsewhere.
 * What comes with something new is told by that, and all descriptions are one note.
 */
export async function findChanges({ from, to, uses, isUsageKnown = uses.length > 0 }: ChangesOptions): Promise<Finding[]> {
  const changes = await diff(from, to);
  const additions = new Set(changes.flatMap((change) => (isAddition(change) ? [coordinateOf(change)] : [])));
  const told = changes.filter((change) => !isUnseen(change) && !isPartOfNew(change, additions));
  return [
    ...told.map((change) => findingOf({ change, isRequired: isNowRequired(change, to) }, { uses, isUsageKnown })),
    ...descriptionsFinding(changes.filter((change) => isDescription(change) && !isPartOfNew(change, additions))),
  ];
}

/** A change, and whether it leaves an argument or input field that has to be given. */
interface JudgedChange {
  readonly change: Change;
  readonly isRequired: boolean;
}

function findingOf(judged: JudgedChange, { uses, isUsageKnown }: { uses: readonly UsedOperation[]; isUsageKnown: boolean }): Finding {
  const { change } = judged;
  const level = levelOf(judged);
  const affected = level === CriticalityLevel.NonBreaking ? [] : uses.filter(({ use }) => touches(judged, use));
  return {
    severity: severityOf(level, affected.length > 0 || !isUsageKnown),
    code: change.type,
    message: change.message,
    coordinate: coordinateOf(change),
    ...(affected.length > 0 && { operations: affected.map(({ operation }) => affectedOperation(operation)) }),
    ...wayOutOf(change, level),
  };
}

function severityOf(level: CriticalityLevel, isUsed: boolean): Severity {
  switch (level) {
    case CriticalityLevel.Breaking:
      return isUsed ? 'error' : 'warning';
    case CriticalityLevel.Dangerous:
      return isUsed ? 'warning' : 'info';
    case CriticalityLevel.NonBreaking:
      return 'info';
  }
}

/** New arguments of directives are breaking for the diff when they may not be null, whether they have a default or not. */
function hasDefault({ meta }: Change): boolean {
  return (meta as { addedDirectiveDefaultValue?: unknown }).addedDirectiveDefaultValue !== undefined;
}

/**
 * Whoever does not know an optional argument or input field yet, does not send it: no client notices. Whoever left one to a default that is gone,
 * breaks when it has to be given now.
 */
function levelOf({ change, isRequired }: JudgedChange): CriticalityLevel {
  const { type, criticality } = change;
  const { level } = criticality;
  const isOptional = (type === 'FIELD_ARGUMENT_ADDED' || type === 'INPUT_FIELD_ADDED') && level === CriticalityLevel.Dangerous;
  if (isOptional || (type === 'DIRECTIVE_ARGUMENT_ADDED' && hasDefault(change))) return CriticalityLevel.NonBreaking;
  return isDefault(type) && isRequired ? CriticalityLevel.Breaking : level;
}

function isDefault(type: string): boolean {
  return /_DEFAULT(_VALUE)?_CHANGED$/.test(type);
}

/** Whether an argument or input field with another type or default has to be given. */
function isNowRequired(change: Change, schema: GraphQLSchema): boolean {
  if (!isDefault(change.type) && !/(ARGUMENT|INPUT_FIELD)_TYPE_CHANGED$/.test(change.type)) return false;
  const found = resolveSchemaCoordinate(schema, coordinateOf(change));
  switch (found?.kind) {
    case 'FieldArgument':
      return isRequiredArgument(found.fieldArgument);
    case 'DirectiveArgument':
      return isRequiredArgument(found.directiveArgument);
    case 'InputField':
      return isRequiredInputField(found.inputField);
    default:
      return false;
  }
}

/** Root types are told by what is in them; directives on definitions are not for clients, and deprecations are told by themselves. */
function isUnseen(change: Change): boolean {
  return /^(SCHEMA|DIRECTIVE_USAGE)_/.test(change.type) || isDescription(change);
}

function isDescription({ type }: Change): boolean {
  return type.includes('_DESCRIPTION_');
}

/** Something that has parts which come with it. */
function isAddition({ type }: Change): boolean {
  return ['TYPE_ADDED', 'FIELD_ADDED', 'INPUT_FIELD_ADDED', 'ENUM_VALUE_ADDED', 'DIRECTIVE_ADDED'].includes(type);
}

function isPartOfNew(change: Change, additions: ReadonlySet<string>): boolean {
  const [owner = '', member] = coordinateOf(change).replace(/\(.*/, '').split('.');
  if (isAddition(change)) return member !== undefined && additions.has(owner);
  if (change.type === 'OBJECT_TYPE_INTERFACE_ADDED' && additions.has(interfaceOf(change))) return true;
  return additions.has(owner) || additions.has(`${owner}.${member}`);
}

function descriptionsFinding(changes: readonly Change[]): Finding[] {
  if (changes.length === 0) return [];
  const places = new Set(changes.map(coordinateOf));
  const named = [...places].slice(0, 5).join(', ');
  const message = `Descriptions of ${places.size} coordinates changed: ${named}${places.size > 5 ? ', …' : ''}.`;
  return [{ severity: 'info', code: 'DESCRIPTIONS_CHANGED', message }];
}

/** `Query.b.x` of the diff is an argument: as a coordinate `Query.b(x:)`. What is about the directive on a field is about the field. */
function coordinateOf({ path = '', type }: Change): string {
  const parts = path.split('.').filter((part, index) => index === 0 || !part.startsWith('@'));
  if (path.startsWith('@')) return parts.length > 1 ? `${parts[0]}(${parts[1]}:)` : path;
  return parts.length === 3 && type.startsWith('FIELD_ARGUMENT') ? `${parts[0]}.${parts[1]}(${parts[2]}:)` : parts.slice(0, 2).join('.');
}

/** Whether an operation of this use notices a change. */
function touches({ change, isRequired }: JudgedChange, { coordinates, reads, omits }: OperationUse): boolean {
  const coordinate = coordinateOf(change);
  const [owner = ''] = coordinate.split(/[.(]/);
  switch (change.type) {
    case 'FIELD_ARGUMENT_ADDED':
      return coordinates.has(coordinate.replace(/\(.*/, ''));
    case 'FIELD_ARGUMENT_DEFAULT_CHANGED':
    case 'DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED':
      return omits.has(coordinate);
    case 'FIELD_ARGUMENT_TYPE_CHANGED':
    case 'DIRECTIVE_ARGUMENT_TYPE_CHANGED':
      return coordinates.has(coordinate) || (isRequired && omits.has(coordinate));
    case 'INPUT_FIELD_ADDED':
    case 'INPUT_FIELD_DEFAULT_VALUE_CHANGED':
    case 'ENUM_VALUE_REMOVED':
    case 'UNION_MEMBER_REMOVED':
    case 'DIRECTIVE_ARGUMENT_ADDED':
      return coordinates.has(owner);
    case 'ENUM_VALUE_ADDED':
    case 'UNION_MEMBER_ADDED':
      return reads.has(owner);
    case 'OBJECT_TYPE_INTERFACE_ADDED':
      return reads.has(interfaceOf(change));
    default:
      return coordinates.has(coordinate);
  }
}

function interfaceOf({ meta }: Change): string {
  return String((meta as { addedInterfaceName?: unknown }).addedInterfaceName);
}

function wayOutOf({ type }: Change, level: CriticalityLevel): { wayOut?: string } {
  if (level !== CriticalityLevel.Breaking) return {};
  if (type.endsWith('_REMOVED'))
    return { wayOut: 'Keep it, mark it @deprecated with a reason and a date, and remove it once no operation uses it.' };
  if (type.includes('TYPE_CHANGED'))
    return { wayOut: 'Add a new field or argument with the new type beside the old one, and deprecate the old one.' };
  if (type.endsWith('_ADDED') || isDefault(type)) return { wayOut: 'Make it optional, or give it a default.' };
  return { wayOut: 'Move the operations named here first, or approve the change with a reason.' };
}
