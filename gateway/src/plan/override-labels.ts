import { type DocumentNode, Kind, parse, visit } from 'graphql';
import { argumentOf, directivesOf, hasFields, JOIN_FIELD, wordsOfFieldSets } from './supergraph-document.ts';

/** Which share of requests, 0 to 1, a label of `@override` is active for; labels by name. */
export type LabelShares = ReadonlyMap<string, number>;

/** Decides for each request which progressive overrides (`@override(label:)`) are active. */
export class OverrideLabels {
  /** Names of the fields that each label moves. */
  private readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly shares: LabelShares;
  /** Names in field sets: such fields are fetched for operations that do not name them. */
  private readonly hidden: ReadonlySet<string>;
  private readonly relevant = new WeakMap<DocumentNode, readonly string[]>();

  /**
   * Labels `percent(x)` are active for x % of requests unless `shares` says otherwise; any other label without a share is never active.
   */
  constructor(supergraphSdl: string, shares: LabelShares) {
    const document = parse(supergraphSdl, { noLocation: true });
    this.fields = fieldsByLabel(document);
    this.hidden = this.fields.size === 0 ? new Set() : new Set([...wordsOfFieldSets(document).values()].flatMap((words) => [...words]));
    this.shares = shares;
  }

  /** The labels that are active for one request, sorted; only those that can matter to its operation. */
  choose(document: DocumentNode, random: () => number): readonly string[] {
    if (this.fields.size === 0) return [];
    return this.relevantTo(document).filter((label) => random() < this.shareOf(label));
  }

  private shareOf(label: string): number {
    const percent = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
    return this.shares.get(label) ?? (percent === undefined ? 0 : Number(percent) / 100);
  }

  private relevantTo(document: DocumentNode): readonly string[] {
    const known = this.relevant.get(document);
    if (known !== undefined) return known;
    const names = new Set(this.hidden);
    visit(document, { Field: ({ name }) => void names.add(name.value) });
    const labels = [...this.fields].filter(([, fields]) => [...fields].some((field) => names.has(field))).map(([label]) => label);
    this.relevant.set(document, labels.sort());
    return labels;
  }
}

function fieldsByLabel(document: DocumentNode): Map<string, Set<string>> {
  const byLabel = new Map<string, Set<string>>();
  for (const field of document.definitions.filter(hasFields).flatMap((type) => type.fields ?? [])) {
    for (const join of directivesOf(field, JOIN_FIELD)) {
      const label = argumentOf(join, 'overrideLabel');
      if (label?.kind !== Kind.STRING) continue;
      byLabel.set(label.value, (byLabel.get(label.value) ?? new Set()).add(field.name.value));
    }
  }
  return byLabel;
}
