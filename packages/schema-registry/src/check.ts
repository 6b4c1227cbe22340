import { type Approval, applyApprovals } from './approvals.ts';
import { findAuthorizationChanges } from './authorization-changes.ts';
import type { Budgets } from './budgets.ts';
import { findCacheabilityChanges } from './cacheability.ts';
import { findChanges } from './changes.ts';
import { apiSchemaOf, type Composition, compose } from './compose.ts';
import { type Finding, sortFindings } from './finding.ts';
import { type SubgraphSource, withSubgraphs } from './graph.ts';
import { lint } from './lint.ts';
import { findRegressions, withoutTold } from './operation-regressions.ts';
import { type UsedOperation, usesOf } from './operation-use.ts';
import type { RegisteredOperation } from './operations.ts';
import { withPlaces } from './places.ts';

/** What a check looks at. */
export interface CheckOptions {
  /** The graph as it is now. */
  readonly base: readonly SubgraphSource[];
  /** The supergraph that was published of it, for when it does not compose any more, as after an upgrade of composition. */
  readonly published?: string | undefined;
  /** Subgraphs as the change has them: one or several at once. */
  readonly changed: readonly SubgraphSource[];
  /** Names of subgraphs that the change takes out of the graph. */
  readonly removed?: readonly string[];
  /** Operations in use. */
  readonly operations: readonly RegisteredOperation[];
  /** Whether operations were ever recorded, so that what is not among these is not in use. By default, when there are any. */
  readonly isUsageKnown?: boolean | undefined;
  readonly approvals: readonly Approval[];
  /** The most that operations may take; absent: no limits. */
  readonly budgets?: Budgets;
  readonly today: Date;
  /** The longest time in milliseconds for planning operations; those that are left are told as such. Absent: all are planned. */
  readonly planWithinMs?: number;
  /** Told what is being done, for checks that take long. */
  readonly onProgress?: (step: string) => void;
}

/** So many findings of one kind in one type are told one by one. */
const FEW = 3;

/** Everything a change would do to the graph and to those who use it, most urgent first. What the graph had before is not told again. */
export async function check(options: CheckOptions): Promise<Finding[]> {
  const { base, published, changed, removed = [], approvals, today, onProgress = () => undefined } = options;
  onProgress(`composing ${withSubgraphs(base, changed).length} subgraphs`);
  const next = compose(withSubgraphs(base, changed, removed));
  const before = base.length > 0 ? asPublished(compose(base), published) : undefined;
  const composed = next.supergraph === null ? next.findings : newIn(next.findings, before?.findings ?? []);
  const found = [...composed, ...lintNew(changed, base), ...(before ? await compare(before, next, options) : [nothingPublished])];
  return sortFindings(withPlaces(next.supergraph === null ? found : applyApprovals(found, approvals, today), { base, changed }));
}

function asPublished(composed: Composition, published: string | undefined): Composition {
  if (composed.supergraph !== null || published === undefined) return composed;
  return { ...composed, supergraph: published, apiSchema: apiSchemaOf(published) };
}

/** A wrong registry has nothing either. */
const nothingPublished: Finding = {
  severity: 'warning',
  code: 'NOTHING_PUBLISHED',
  message: 'The registry has no version yet, so the change was compared with nothing.',
  wayOut: 'Publish what is served now; if that was done, look at --registry, --folder and SCHEMA_REGISTRY_URL.',
};

async function compare(before: Composition, next: Composition, options: CheckOptions): Promise<Finding[]> {
  if (!before.apiSchema || !before.supergraph || !next.apiSchema || !next.supergraph) return [];
  const { base, changed, operations, budgets = {}, planWithinMs = Number.POSITIVE_INFINITY, onProgress = () => undefined } = options;
  onProgress('comparing schemas');
  const uses: UsedOperation[] = usesOf(operations, before.apiSchema);
  const changes = await findChanges({ from: before.apiSchema, to: next.apiSchema, uses, isUsageKnown: options.isUsageKnown });
  const access = findAuthorizationChanges(before.supergraph, next.supergraph, uses);
  const caching = findCacheabilityChanges(base, changed, uses);
  const onPlanned = (count: number) => onProgress(`planned ${count} of ${operations.length} operations`);
  const startedAt = performance.now();
  const isTimeUp = () => performance.now() - startedAt >= planWithinMs;
  const regressions = findRegressions(before.supergraph, next.supergraph, { operations, budgets, onPlanned, isTimeUp });
  return [...changes, ...access, ...caching, ...withoutTold(regressions, changes)];
}

/** Hints and lint that the graph had before are not this change's; errors are told always. */
function newIn(findings: readonly Finding[], before: readonly Finding[]): Finding[] {
  const known = new Set(before.map(keyOf));
  return findings.filter((finding) => finding.severity === 'error' || !known.has(keyOf(finding)));
}

function lintNew(changed: readonly SubgraphSource[], base: readonly SubgraphSource[]): Finding[] {
  const before = new Map(base.map((source) => [source.name, source]));
  return changed.flatMap((source) => {
    const old = before.get(source.name);
    return byType(newIn(lint(source), old ? lint(old) : []));
  });
}

/** Many findings of one kind in one type are one: whoever adds a type without descriptions needs to be told once. */
function byType(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ code, coordinate = '' }) => `${code} ${coordinate.replace(/\..*/, '')}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first?.coordinate === undefined || group.length <= FEW) return group;
    const [type] = first.coordinate.split('.');
    const named = group.map(({ coordinate = '' }) => coordinate.slice(`${type}.`.length)).join(', ');
    return [{ ...first, coordinate: type, message: `${first.message} The same goes for others of ${type}: ${named}.` }];
  });
}

function keyOf({ code, coordinate = '', message }: Finding): string {
  return `${code} ${coordinate} ${message}`;
}
