import type { Metric, Registry } from 'prom-client';

/** A value for each label. */
export type Labels<Label extends string> = object & Readonly<Record<Label, string>>;

/** What a metric is and where it is told. */
export interface SeriesOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** What the processes of a cluster make together of it. */
  readonly aggregator: 'sum' | 'max' | 'first';
  readonly registry: Registry;
}

/** A number as a registry takes it. */
interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/**
 * The series of a metric, one for each combination of label values. prom-client has counters and histograms of its own, which write all labels
 * as one text for each count: a tenth of the CPU time of an answer from the cache. These are found value by value, and are told by prom-client.
 */
abstract class SeriesMetric<Label extends string, Series> {
  readonly name: string;
  readonly help: string;
  readonly aggregator: SeriesOptions<Label>['aggregator'];
  abstract readonly type: 'counter' | 'histogram';
  private readonly labelNames: readonly Label[];
  private readonly root = new Branch<Series>();
  private readonly known: [Labels<Label>, Series][] = [];

  constructor({ name, help, labelNames, aggregator, registry }: SeriesOptions<Label>) {
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
    this.aggregator = aggregator;
    // A registry asks for nothing but the name, when it is read, for `get`.
    registry.registerMetric(this as unknown as Metric);
  }

  /** The series with these labels; whoever counts often keeps it. */
  labels(labels: Labels<Label>): Series {
    let branch = this.root;
    for (const name of this.labelNames) branch = branch.next(labels[name]);
    if (branch.series === undefined) {
      branch.series = this.start();
      this.known.push([labels, branch.series]);
    }
    return branch.series;
  }

  /** Called by the registry at each scrape. */
  get() {
    // What has no labels is there from the beginning, at 0.
    if (this.labelNames.length === 0) this.labels({} as Labels<Label>);
    const { name, help, type, aggregator } = this;
    return Promise.resolve({
      name,
      help,
      type,
      aggregator,
      values: this.known.flatMap(([labels, series]) => this.samples(series, labels)),
    });
  }

  protected abstract start(): Series;
  protected abstract samples(series: Series, labels: Labels<Label>): Sample[];
}

class Branch<Series> {
  series: Series | undefined;
  private readonly branches = new Map<string, Branch<Series>>();

  next(value: string): Branch<Series> {
    const known = this.branches.get(value);
    if (known !== undefined) return known;
    const branch = new Branch<Series>();
    this.branches.set(value, branch);
    return branch;
  }
}

/** A number that only grows. */
export class Counter<Label extends string = never> extends SeriesMetric<Label, CounterSeries> {
  readonly type = 'counter';

  inc(labels: Labels<Label> = {} as Labels<Label>, amount = 1): void {
    this.labels(labels).inc(amount);
  }

  protected start(): CounterSeries {
    return new CounterSeries();
  }

  protected samples({ value }: CounterSeries, labels: Labels<Label>): Sample[] {
    return [{ labels, value }];
  }
}

class CounterSeries {
  value = 0;

  /** @throws {RangeError} when it would not grow. */
  inc(amount = 1): void {
    if (!(amount >= 0 && Number.isFinite(amount))) throw new RangeError(`a counter only grows, not by ${amount}`);
    this.value += amount;
  }
}

/** A distribution. */
export class Histogram<Label extends string = never> extends SeriesMetric<Label, HistogramSeries> {
  readonly type = 'histogram';
  private readonly bounds: readonly number[];

  /** `bounds` are the upper ends of the buckets, which they belong to, from the smallest to the largest. */
  constructor(options: SeriesOptions<Label>, bounds: readonly number[]) {
    super(options);
    this.bounds = bounds;
  }

  observe(labels: Labels<Label>, value: number): void {
    this.labels(labels).observe(value);
  }

  protected start(): HistogramSeries {
    return new HistogramSeries(this.bounds);
  }

  protected samples({ counts, sum }: HistogramSeries, labels: Labels<Label>): Sample[] {
    let count = 0;
    const buckets = counts.map((inBucket, index) => {
      count += inBucket;
      return { labels: { le: this.bounds[index] ?? '+Inf', ...labels }, value: count, metricName: `${this.name}_bucket` };
    });
    return [...buckets, { labels, value: sum, metricName: `${this.name}_sum` }, { labels, value: count, metricName: `${this.name}_count` }];
  }
}

class HistogramSeries {
  /** How many values fell into each bucket, and into none. */
  readonly counts: number[];
  sum = 0;
  private readonly bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** @throws {RangeError} when it is not a finite number. */
  observe(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`a distribution has no place for ${value}`);
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.sum += value;
  }
}
