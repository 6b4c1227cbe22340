import { isDeepStrictEqual } from 'node:util';
import { type ConstDirectiveNode, type DefinitionNode, type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import { definitionsIn } from './definitions.ts';
import type { Finding } from './finding.ts';
import type { SubgraphSource } from './graph.ts';
import { affectedOperation, type UsedOperation } from './operation-use.ts';

/** What `@cacheControl` says of a field or a type (Apollo Server, "Server-side caching"). */
interface Hint {
  /** Seconds; `inherit`: as long as what it is part of. */
  readonly maxAge?: number | 'inherit';
  readonly scope?: string;
}

/** What follows from all hints for answers that contain a field or a type. */
interface Policy {
  /** Seconds; 0: not kept; Infinity: as long as what it is part of. */
  readonly maxAge: number;
  readonly isPrivate: boolean;
}

/** The hints of one subgraph by coordinate (`Type`, `Type.field`). */
interface Hints {
  readonly own: ReadonlyMap<string, Hint>;
  /** Types that are no leaves. */
  readonly composites: ReadonlySet<string>;
  /** What each field that it answers returns. */
  readonly returned: ReadonlyMap<string, string>;
  /** Fields by which entities are found: every subgraph that names one has them. */
  readonly keys: ReadonlySet<string>;
}

/**
 * What changes for caches. Answers that were one caller's own and may now be shared fail a check, as access that is widened does. Answers that
 * are kept for a shorter time, or no longer shared, cost the operations that ask for them; those that are kept longer are older.
 */
export function findCacheabilityChanges(
  base: readonly SubgraphSource[],
  changed: readonly SubgraphSource[],
  uses: readonly UsedOperation[],
): Finding[] {
  const before = new Map(base.map((source) => [source.name, source]));
  return changed.flatMap((source) => {
    const old = before.get(source.name);
    if (old?.sdl === source.sdl) return [];
    const [was, is] = [readHints(old), readHints(source)];
    const hinted = new Set([...was.own.keys(), ...is.own.keys()]);
    const moved = [...hinted].filter((coordinate) => !isDeepStrictEqual(hintsAt(was, coordinate), hintsAt(is, coordinate)));
    const inside = moved.flatMap((coordinate) => {
      const [from, to] = [policyAt(was, coordinate), policyAt(is, coordinate)];
      return from && to ? changesBetween({ coordinate, from, to }, uses) : [];
    });
    const others = base.filter(({ name }) => name !== source.name);
    return [...inside, ...sharedByMove({ was, is }, others)];
  });
}

/** Fields that only other subgraphs answered, for one caller each, and that are answered here for everybody from now on. */
function sharedByMove({ was, is }: { was: Hints; is: Hints }, others: readonly SubgraphSource[]): Finding[] {
  const fresh = [...is.returned.keys()].filter((coordinate) => !was.returned.has(coordinate) && !is.keys.has(coordinate));
  if (fresh.length === 0) return [];
  const before = others.map(readHints);
  return fresh.flatMap((coordinate) => {
    const from = before.flatMap((hints) => policyWithin(hints, coordinate) ?? []);
    const to = policyWithin(is, coordinate);
    return from.length > 0 && to && from.every((policy) => isShared({ from: policy, to })) ? [widened(coordinate)] : [];
  });
}

interface Changed {
  readonly coordinate: string;
  readonly from: Policy;
  readonly to: Policy;
}

function changesBetween({ coordinate, from, to }: Changed, uses: readonly UsedOperation[]): Finding[] {
  const found: Finding[] = [];
  const affected = uses.filter(({ use }) => use.coordinates.has(coordinate)).map(({ operation }) => affectedOperation(operation));
  const severity = affected.length > 0 || uses.length === 0 ? 'warning' : 'info';
  const note = (code: string, message: string, wayOut?: string) =>
    found.push({ severity, code, message, coordinate, ...(affected.length > 0 && { operations: affected }), ...(wayOut && { wayOut }) });
  if (isShared({ from, to })) found.push(widened(coordinate));
  if (!from.isPrivate && to.isPrivate && from.maxAge !== 0)
    note('CACHE_SCOPE_NARROWED', `Answers with ${coordinate} were shared and are now kept for each caller.`);
  const ages = `${ageText(from)} before, ${ageText(to)} now`;
  if (to.maxAge < from.maxAge)
    note(
      'CACHE_MAX_AGE_LOWERED',
      `Answers with ${coordinate} are kept shorter: ${ages}.`,
      'Expect more calls of this subgraph, or keep the age.',
    );
  if (to.maxAge > from.maxAge)
    found.push({
      severity: 'info',
      code: 'CACHE_MAX_AGE_RAISED',
      message: `Answers with ${coordinate} may be older: ${ages}.`,
      coordinate,
    });
  return found;
}

function isShared({ from, to }: Pick<Changed, 'from' | 'to'>): boolean {
  return from.isPrivate && !to.isPrivate && to.maxAge !== 0;
}

function widened(coordinate: string): Finding {
  return {
    severity: 'error',
    code: 'CACHE_SCOPE_WIDENED',
    message: `Answers with ${coordinate} were kept for one caller and may now be shared with everybody.`,
    coordinate,
    wayOut: 'Keep scope: PRIVATE where the answer depends on who asks, or approve it with a reason.',
  };
}

function ageText({ maxAge }: Policy): string {
  if (maxAge === Number.POSITIVE_INFINITY) return 'as long as the rest of the answer';
  return maxAge === 0 ? 'not at all' : `${maxAge} s`;
}

/** Everything that is said about a field: by itself, and by the type that it returns. */
function hintsAt({ own, returned }: Hints, coordinate: string): readonly (Hint | undefined)[] {
  return [own.get(coordinate), own.get(returned.get(coordinate) ?? '')];
}

/** What lasts as long as the rest of an entity lasts as long as its type says. */
function policyWithin(hints: Hints, coordinate: string): Policy | undefined {
  const policy = policyAt(hints, coordinate);
  const isInherited = policy?.maxAge === Number.POSITIVE_INFINITY && !policy.isPrivate;
  return isInherited ? policyAt(hints, coordinate.replace(/\..*/, '')) : policy;
}

/** A field's hint goes before that of the type it returns; without either, leaves last as long as the rest and everything else is not kept. */
function policyAt({ own, composites, returned }: Hints, coordinate: string): Policy | undefined {
  const type = returned.get(coordinate) ?? coordinate;
  const isComposite = composites.has(type);
  if (!isComposite && !returned.has(coordinate)) return undefined;
  const { maxAge, scope }: Hint = { ...own.get(type), ...own.get(coordinate) };
  const age = maxAge ?? (isComposite ? 0 : 'inherit');
  return { maxAge: age === 'inherit' ? Number.POSITIVE_INFINITY : age, isPrivate: scope === 'PRIVATE' };
}

function readHints(source: SubgraphSource | undefined): Hints {
  const own = new Map<string, Hint>();
  const returned = new Map<string, string>();
  const keys = new Set<string>();
  const definitions = outputDefinitions(source?.sdl ?? '');
  for (const definition of definitions) {
    const typeName = definition.name.value;
    noteHint(own, typeName, definition.directives);
    for (const name of keyFields(definition)) keys.add(`${typeName}.${name}`);
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      if (directivesNamed(field, 'external').length > 0) continue;
      const coordinate = `${typeName}.${field.name.value}`;
      noteHint(own, coordinate, field.directives);
      returned.set(coordinate, namedType(field.type));
    }
  }
  return { own, returned, keys, composites: new Set(definitions.map(({ name }) => name.value)) };
}

/** Every name in the keys of a type, those of fields further down too. */
function keyFields(definition: OutputDefinition): string[] {
  const values = directivesNamed(definition, 'key').flatMap(({ arguments: nodes = [] }) => nodes.map(({ value }) => value));
  return values.flatMap((value) => (value.kind === Kind.STRING ? (value.value.match(/\w+/g) ?? []) : []));
}

/** Federation's directives may stand with a prefix. */
function directivesNamed({ directives = [] }: Pick<FieldDefinitionNode, 'directives'>, wanted: string): ConstDirectiveNode[] {
  return directives.filter(({ name }) => name.value === wanted || name.value.endsWith(`__${wanted}`));
}

type OutputDefinition = Extract<
  DefinitionNode,
  { kind: 'ObjectTypeDefinition' | 'ObjectTypeExtension' | 'InterfaceTypeDefinition' | 'InterfaceTypeExtension' | 'UnionTypeDefinition' }
>;

function outputDefinitions(sdl: string): OutputDefinition[] {
  return definitionsIn(sdl).filter((node): node is OutputDefinition => OUTPUT_KINDS.has(node.kind));
}

const OUTPUT_KINDS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
  Kind.UNION_TYPE_DEFINITION,
]);

function noteHint(own: Map<string, Hint>, coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void {
  const hint = directives?.find(({ name }) => name.value === 'cacheControl');
  if (!hint) return;
  const argument = (name: string) => hint.arguments?.find((node) => node.name.value === name)?.value;
  const [maxAge, scope, inherits] = [argument('maxAge'), argument('scope'), argument('inheritMaxAge')];
  const isInherited = inherits?.kind === Kind.BOOLEAN && inherits.value;
  own.set(coordinate, {
    ...own.get(coordinate),
    ...(isInherited && { maxAge: 'inherit' as const }),
    ...(maxAge?.kind === Kind.INT && { maxAge: Number(maxAge.value) }),
    ...(scope?.kind === Kind.ENUM && { scope: scope.value }),
  });
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
