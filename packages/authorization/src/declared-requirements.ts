import type { CompositeType, FieldDefinition, NamedType, Schema } from '@apollo/federation-internals';
import { directiveName, fieldsOf } from './linked-directives.ts';
import type { Requirement } from './requirement.ts';

/** What the supergraph asks at each coordinate, before anything is derived from it. */
export interface DeclaredRequirements {
  /** By type name. */
  readonly types: ReadonlyMap<string, readonly Requirement[]>;
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, readonly Requirement[]>;
}

/** Reads `@authenticated`, `@requiresScopes` and `@policy` from all output types and their fields. Several applications at one place all count. */
export function readRequirements(schema: Schema): DeclaredRequirements {
  const names = {
    authenticated: directiveName(schema, 'authenticated', 'authenticated'),
    scopes: directiveName(schema, 'requiresScopes', 'requiresScopes'),
    policy: directiveName(schema, 'policy', 'policy'),
  };
  const types = new Map<string, Requirement[]>();
  const fields = new Map<string, Requirement[]>();
  for (const type of schema.types()) {
    add(types, type.name, requirementsOn(type, names));
    for (const field of fieldsOf(type)) add(fields, field.coordinate, requirementsOn(field, names));
  }
  return { types, fields };
}

type Names = Readonly<Record<'authenticated' | 'scopes' | 'policy', string | undefined>>;

function requirementsOn(element: NamedType | FieldDefinition<CompositeType>, names: Names): Requirement[] {
  const found: Requirement[] = [];
  for (const directive of element.appliedDirectives) {
    const args = directive.arguments() as { scopes?: string[][]; policies?: string[][] };
    if (directive.name === names.authenticated) found.push({ kind: 'authenticated' });
    else if (directive.name === names.scopes) found.push({ kind: 'scopes', anyOf: args.scopes ?? [] });
    else if (directive.name === names.policy) found.push({ kind: 'policy', anyOf: args.policies ?? [] });
  }
  return found;
}

function add(into: Map<string, Requirement[]>, coordinate: string, requirements: Requirement[]): void {
  if (requirements.length > 0) into.set(coordinate, requirements);
}
