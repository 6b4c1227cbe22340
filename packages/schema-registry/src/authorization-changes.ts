import { compileRequirements, type Requirement, reachableFields } from '@app/authorization';
import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { loadSupergraph } from './compose.ts';
import type { Finding } from './finding.ts';
import { affectedOperation, type UsedOperation } from './operation-use.ts';

/** Somebody with some rights. */
interface Audience {
  readonly name: string;
  readonly isSignedIn: boolean;
  readonly scopes: ReadonlySet<string>;
}

/** What can be reached in one version of the graph. */
interface View {
  readonly schema: GraphQLSchema;
  readonly requirements: readonly Requirement[];
  /** Ways by coordinate for an audience. */
  reach(audience: Audience): ReadonlyMap<string, string>;
}

/** The most fields that a message names. */
const NAMED = 8;

/**
 * Who gains and who loses access to fields that both versions have, and through which field: for strangers, for somebody who signed in, and for
 * each scope. A gain is an error whoever uses it; a loss concerns the operations that ask for the field. Policies are taken as not met.
 */
export function findAuthorizationChanges(beforeSdl: string, afterSdl: string, uses: readonly UsedOperation[]): Finding[] {
  const [before, after] = [viewOf(beforeSdl), viewOf(afterSdl)];
  const common = commonCoordinates(before.schema, after.schema);
  const gains = new Map<string, Changed>();
  const losses = new Map<string, Changed>();
  for (const audience of audiencesOf([...before.requirements, ...after.requirements])) {
    const [had, has] = [before.reach(audience), after.reach(audience)];
    note(gains, audience, { from: had, to: has, common, isLoss: false });
    note(losses, audience, { from: has, to: had, common, isLoss: true });
  }
  return [
    ...[...gains].map(([cause, changed]) => gainFinding(cause, changed)),
    ...[...losses].map(([cause, changed]) => lossFinding(cause, changed, uses)),
  ];
}

/** Fields that became reachable, or no longer are, through one field. */
interface Changed {
  /** The one with the fewest rights. */
  readonly audience: string;
  readonly fields: ReadonlyMap<string, string>;
}

interface Ways {
  readonly from: ReadonlyMap<string, string>;
  readonly to: ReadonlyMap<string, string>;
  readonly common: ReadonlySet<string>;
  /** What was only reached through a field that is gone is told by that field's removal. */
  readonly isLoss: boolean;
}

/** Groups what is in `to` and not in `from` by the first field on the way that is new there. Audiences come with the fewest rights first. */
function note(changes: Map<string, Changed>, { name }: Audience, { from, to, common, isLoss }: Ways): void {
  const known = new Set([...changes.values()].flatMap(({ fields }) => [...fields.keys()]));
  const found = new Map<string, Map<string, string>>();
  for (const [coordinate, way] of to) {
    if (from.has(coordinate) || !common.has(coordinate) || known.has(coordinate)) continue;
    const cause = way.split(' → ').find((step) => !from.has(step)) ?? coordinate;
    if (isLoss && !common.has(cause)) continue;
    found.set(cause, (found.get(cause) ?? new Map()).set(coordinate, way));
  }
  for (const [cause, fields] of found) if (!changes.has(cause)) changes.set(cause, { audience: name, fields });
}

function gainFinding(cause: string, { audience, fields }: Changed): Finding {
  return {
    severity: 'error',
    code: 'ACCESS_WIDENED',
    message: `${cause} lets ${audience} reach ${listOf(fields)}, which they did not reach before.`,
    coordinate: cause,
    wayOut: 'Protect it with @authenticated, @requiresScopes or @policy, or approve it with a reason.',
  };
}

function lossFinding(cause: string, { audience, fields }: Changed, uses: readonly UsedOperation[]): Finding {
  const affected = uses.filter(({ use }) => [...fields.keys()].some((field) => use.coordinates.has(field)));
  return {
    severity: affected.length > 0 ? 'warning' : 'info',
    code: 'ACCESS_NARROWED',
    message: `${audience} no longer reaches ${listOf(fields)}.`,
    coordinate: cause,
    ...(affected.length > 0 && { operations: affected.map(({ operation }) => affectedOperation(operation)) }),
    ...(affected.length > 0 && {
      wayOut: 'Make sure that those who send these operations are signed in with the scopes that are now needed.',
    }),
  };
}

function listOf(fields: ReadonlyMap<string, string>): string {
  const shown = [...fields].slice(0, NAMED).map(([coordinate, way]) => (way === coordinate ? coordinate : `${coordinate} (${way})`));
  const more = fields.size - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function viewOf(sdl: string): View {
  const supergraph = loadSupergraph(sdl);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const index = compileRequirements(supergraph.schema, schema);
  return {
    schema,
    requirements: index.all,
    reach: (audience) => {
      const denied = new Set([...index.all.entries()].flatMap(([id, requirement]) => (isMet(requirement, audience) ? [] : [id])));
      return reachableFields(schema, index, denied);
    },
  };
}

function isMet(requirement: Requirement, { isSignedIn, scopes }: Audience): boolean {
  switch (requirement.kind) {
    case 'authenticated':
      return isSignedIn;
    case 'scopes':
      return isSignedIn && requirement.anyOf.some((list) => list.every((scope) => scopes.has(scope)));
    case 'policy':
      return false;
  }
}

/** Strangers, the signed in, and for each list of scopes that is asked for somebody with just these. */
function audiencesOf(requirements: readonly Requirement[]): Audience[] {
  const lists = new Map<string, readonly string[]>();
  for (const requirement of requirements) {
    if (requirement.kind === 'scopes') for (const list of requirement.anyOf) lists.set(list.toSorted().join(' and '), list);
  }
  return [
    { name: 'anybody', isSignedIn: false, scopes: new Set() },
    { name: 'whoever is signed in', isSignedIn: true, scopes: new Set() },
    ...[...lists]
      .sort(([one], [two]) => one.localeCompare(two))
      .map(([name, list]) => ({ name: `whoever has ${name}`, isSignedIn: true, scopes: new Set(list) })),
  ];
}

function commonCoordinates(before: GraphQLSchema, after: GraphQLSchema): Set<string> {
  return fieldsOf(before).intersection(fieldsOf(after));
}

function fieldsOf(schema: GraphQLSchema): Set<string> {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  return new Set(types.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)));
}
