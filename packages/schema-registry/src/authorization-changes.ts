import { CoordinateNumbers, compileRequirements, FieldGraph, type Reach, type Requirement } from '@app/authorization';
import { type Audience, audiencesOf, isMet } from './audiences.ts';
import { loadSupergraph } from './compose.ts';
import type { Finding } from './finding.ts';
import { affectedOperation, type UsedOperation } from './operation-use.ts';

/** What can be reached in one version of the graph. */
interface View {
  /** Numbers of the fields that there are. */
  readonly fields: ReadonlySet<number>;
  readonly requirements: readonly Requirement[];
  /** What an audience gets. */
  reach(audience: Audience): Reach;
}

/** The most fields that a message names. */
const NAMED = 8;

/**
 * Who gains and who loses access to fields that both versions have, and through which field, for all {@link audiencesOf} the requirements.
 * A gain is an error whoever uses it; a loss concerns the operations that ask for the field.
 */
export function findAuthorizationChanges(beforeSdl: string, afterSdl: string, uses: readonly UsedOperation[]): Finding[] {
  const numbers = new CoordinateNumbers();
  const [before, after] = [viewOf(beforeSdl, numbers), viewOf(afterSdl, numbers)];
  const common = before.fields.intersection(after.fields);
  const gains: Changes = { byCause: new Map(), known: new Set(), common, isLoss: false };
  const losses: Changes = { byCause: new Map(), known: new Set(), common, isLoss: true };
  for (const audience of audiencesOf([...before.requirements, ...after.requirements])) {
    const [had, has] = [before.reach(audience), after.reach(audience)];
    note(gains, audience, { from: had, to: has });
    note(losses, audience, { from: has, to: had });
  }
  const named = ({ byCause }: Changes) =>
    [...byCause].map(([cause, changed]) => [numbers.nameOf(cause), withNames(changed, numbers)] as const);
  return [
    ...named(gains).map(([cause, changed]) => gainFinding(cause, changed)),
    ...named(losses).map(([cause, changed]) => lossFinding(cause, changed, uses)),
  ];
}

/** Fields that became reachable, or no longer are, through one field. */
interface Changed<Way> {
  /** The one with the fewest rights. */
  readonly audience: string;
  readonly ways: readonly Way[];
}

/** What was noted so far, in one direction. */
interface Changes {
  readonly byCause: Map<number, Changed<readonly number[]>>;
  /** Fields that were noted. */
  readonly known: Set<number>;
  /** Fields that both versions have. */
  readonly common: ReadonlySet<number>;
  /** What was only reached through a field that is gone is told by that field's removal. */
  readonly isLoss: boolean;
}

/** Groups what is in `to` and not in `from` by the first field on the way that is new there. Audiences come with the fewest rights first. */
function note({ byCause, known, common, isLoss }: Changes, { name }: Audience, { from, to }: { from: Reach; to: Reach }): void {
  const found = new Map<number, number[][]>();
  for (const field of to.fields) {
    if (from.has(field) || !common.has(field) || known.has(field)) continue;
    const way = to.wayTo(field);
    const cause = way.find((step) => !from.has(step)) ?? field;
    if (isLoss && !common.has(cause)) continue;
    const ways = found.get(cause);
    if (ways) ways.push(way);
    else found.set(cause, [way]);
  }
  for (const [cause, ways] of found) {
    if (byCause.has(cause)) continue;
    byCause.set(cause, { audience: name, ways });
    for (const way of ways) known.add(way.at(-1) ?? cause);
  }
}

function withNames({ audience, ways }: Changed<readonly number[]>, numbers: CoordinateNumbers): Changed<readonly string[]> {
  return { audience, ways: ways.map((way) => way.map((step) => numbers.nameOf(step))) };
}

function gainFinding(cause: string, { audience, ways }: Changed<readonly string[]>): Finding {
  return {
    severity: 'error',
    code: 'ACCESS_WIDENED',
    message: `${cause} lets ${audience} reach ${listOf(ways)}, which they did not reach before.`,
    coordinate: cause,
    wayOut: 'Protect it with @authenticated, @requiresScopes or @policy, or approve it with a reason.',
  };
}

function lossFinding(cause: string, { audience, ways }: Changed<readonly string[]>, uses: readonly UsedOperation[]): Finding {
  const affected = uses.filter(({ use }) => ways.some((way) => use.coordinates.has(way.at(-1) ?? '')));
  return {
    severity: affected.length > 0 ? 'warning' : 'info',
    code: 'ACCESS_NARROWED',
    message: `${audience} no longer reaches ${listOf(ways)}.`,
    coordinate: cause,
    ...(affected.length > 0 && { operations: affected.map(({ operation }) => affectedOperation(operation)) }),
    ...(affected.length > 0 && {
      wayOut: 'Make sure that those who send these operations are signed in with the scopes that are now needed.',
    }),
  };
}

function listOf(ways: readonly (readonly string[])[]): string {
  const shown = ways.slice(0, NAMED).map((way) => (way.length === 1 ? way[0] : `${way.at(-1)} (${way.join(' → ')})`));
  const more = ways.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function viewOf(sdl: string, numbers: CoordinateNumbers): View {
  const supergraph = loadSupergraph(sdl);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const index = compileRequirements(supergraph.schema, schema);
  const graph = new FieldGraph(schema, index, numbers);
  return {
    fields: graph.fields,
    requirements: index.all,
    reach: (audience) =>
      graph.walk(new Set(index.all.entries().flatMap(([id, requirement]) => (isMet(requirement, audience) ? [] : [id])))),
  };
}
