import { baseType, isCompositeType, type Schema } from '@apollo/federation-internals';
import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { type DeclaredRequirements, readRequirements } from './declared-requirements.ts';
import { coordinatesBehind } from './required-fields.ts';
import { describeRequirement, type Requirement } from './requirement.ts';

/** The requirements of one schema: every coordinate maps to ids of requirements which must all be met. An id is a place in `all`. */
export class RequirementIndex {
  readonly all: readonly Requirement[];
  private readonly types: ReadonlyMap<string, readonly number[]>;
  private readonly fields: ReadonlyMap<string, readonly number[]>;

  constructor(all: readonly Requirement[], types: ReadonlyMap<string, readonly number[]>, fields: ReadonlyMap<string, readonly number[]>) {
    this.all = all;
    this.types = types;
    this.fields = fields;
  }

  /** What it takes to meet values of this type. */
  ofType(typeName: string): readonly number[] {
    return this.types.get(typeName) ?? [];
  }

  /** What it takes to select this field on its type: its own rules, its type's and those of what it returns. */
  ofField(typeName: string, fieldName: string): readonly number[] {
    return this.fields.get(`${typeName}.${fieldName}`) ?? this.ofType(typeName);
  }
}

/** Reads the requirements of a supergraph, once per schema. */
export function compileRequirements(supergraph: Schema, apiSchema: GraphQLSchema): RequirementIndex {
  const declared = readRequirements(supergraph);
  const ids = new RequirementIds();
  const behind = coordinatesBehind(supergraph);
  const typeIds = new Map([...declared.types].map(([name, requirements]) => [name, requirements.map((item) => ids.of(item))]));
  const fieldIds = new Map<string, readonly number[]>();
  for (const type of Object.values(apiSchema.getTypeMap())) {
    for (const [field, returned] of outputFields(type)) {
      const coordinates = closure(`${type.name}.${field}`, behind);
      const own = [...coordinates].flatMap((coordinate) => requirementsAt(coordinate, declared, supergraph));
      const around = [type.name, returned].flatMap((name) => declared.types.get(name) ?? []);
      const found = [...new Set([...own, ...around].map((item) => ids.of(item)))];
      if (found.length > 0) fieldIds.set(`${type.name}.${field}`, found);
    }
  }
  return new RequirementIndex(ids.all, typeIds, fieldIds);
}

/** Numbers distinct requirements. */
class RequirementIds {
  readonly all: Requirement[] = [];
  private readonly ids = new Map<string, number>();

  of(requirement: Requirement): number {
    const text = `${requirement.kind}: ${describeRequirement(requirement)}`;
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.all.push(requirement) - 1;
    this.ids.set(text, id);
    return id;
  }
}

/** A required coordinate counts with the requirements of its field, of its type and of the type that it returns. */
function requirementsAt(coordinate: string, declared: DeclaredRequirements, schema: Schema): readonly Requirement[] {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.type(typeName);
  const field = type && isCompositeType(type) ? type.field(fieldName) : undefined;
  const returned = field?.type && baseType(field.type).name;
  const ofTypes = [typeName, returned].flatMap((name) => (name === undefined ? [] : (declared.types.get(name) ?? [])));
  return [...(declared.fields.get(coordinate) ?? []), ...ofTypes];
}

/** The coordinate and everything it is computed from, directly or through others. */
function closure(coordinate: string, behind: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set([coordinate]);
  for (const next of found) for (const required of behind.get(next) ?? []) found.add(required);
  return found;
}

function outputFields(type: GraphQLNamedType): [name: string, returned: string][] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => [field.name, getNamedType(field.type).name]);
}
