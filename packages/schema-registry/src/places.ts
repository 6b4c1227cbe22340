import type { ASTNode, FieldDefinitionNode, InputValueDefinitionNode } from 'graphql';
import { definitionsIn } from './definitions.ts';
import type { Finding, SourcePlace } from './finding.ts';
import type { SubgraphSource } from './graph.ts';

/** Coordinates of a subgraph's SDL and where they are defined. */
type Places = ReadonlyMap<string, SourcePlace>;

/**
 * Gives findings without a place the one where their coordinate is defined in the change; what is gone, the place of the type that it was
 * taken from, in the subgraph that had it.
 */
export function withPlaces(
  findings: readonly Finding[],
  { base, changed }: { base: readonly SubgraphSource[]; changed: readonly SubgraphSource[] },
): Finding[] {
  const after = changed.map((source) => ({ source, places: placesIn(source) }));
  const before = new Map(base.map((source) => [source.name, source]));
  const placeOf = (coordinate: string): SourcePlace | undefined => {
    for (const known of ancestors(coordinate)) {
      const owners = after.filter(({ places }) => places.has(known));
      const was = known === coordinate ? undefined : owners.find(({ source }) => had(before.get(source.name), coordinate));
      const found = (was ?? owners[0])?.places.get(known);
      if (found) return found;
    }
    const gone = after.find(({ source }) => had(before.get(source.name), coordinate));
    return gone && { file: gone.source.file, line: 1, column: 1 };
  };
  return findings.map((finding) => {
    const place = finding.place ?? (finding.coordinate === undefined ? undefined : placeOf(finding.coordinate));
    return place ? { ...finding, place } : finding;
  });
}

/** The coordinate, then what it is part of: `A.b(c:)`, `A.b`, `A`. */
function ancestors(coordinate: string): string[] {
  const field = coordinate.replace(/\(.*/, '');
  return [...new Set([coordinate, field, field.replace(/\..*/, '')])];
}

function had(source: SubgraphSource | undefined, coordinate: string): boolean {
  return source !== undefined && placesIn(source).has(coordinate);
}

const known = new WeakMap<SubgraphSource, Places>();

function placesIn(source: SubgraphSource): Places {
  const found = known.get(source) ?? readPlaces(source);
  known.set(source, found);
  return found;
}

function readPlaces(source: SubgraphSource): Places {
  const places = new Map<string, SourcePlace>();
  const note = (coordinate: string, { loc }: ASTNode) => {
    if (loc && !places.has(coordinate))
      places.set(coordinate, { file: source.file, line: loc.startToken.line, column: loc.startToken.column });
  };
  for (const definition of definitionsIn(source.sdl)) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const owner = definition.kind === 'DirectiveDefinition' ? `@${definition.name.value}` : definition.name.value;
    note(owner, definition.name);
    if ('fields' in definition) for (const field of definition.fields ?? []) noteField(note, owner, field);
    if ('values' in definition) for (const value of definition.values ?? []) note(`${owner}.${value.name.value}`, value.name);
  }
  return places;
}

function noteField(
  note: (coordinate: string, node: ASTNode) => void,
  owner: string,
  field: FieldDefinitionNode | InputValueDefinitionNode,
): void {
  const coordinate = `${owner}.${field.name.value}`;
  note(coordinate, field.name);
  if ('arguments' in field) for (const { name } of field.arguments ?? []) note(`${coordinate}(${name.value}:)`, name);
}
