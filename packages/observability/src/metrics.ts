import { AggregatorRegistry, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Counter, Histogram, type SeriesOptions } from './series.ts';

export type { Gauge } from 'prom-client';
export type { Counter, Histogram } from './series.ts';

/** Seconds, from a cache hit to a request that will not finish. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  /** Label `service` of every series. */
  readonly service: string;
  /** Also report the process: CPU, memory, event loop delay, garbage collection. Default true. */
  readonly process?: boolean;
}

/** Name and help text of a metric, with its label names. */
export interface MetricSpec<Label extends string> {
  /** Prometheus name with its unit: `..._seconds`, `..._bytes`, `..._total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
  /** What the processes of a cluster make together of it; the sum by default. */
  readonly aggregator?: 'sum' | 'max' | 'first';
}

/** Something that can be scraped. */
export interface MetricsSource {
  readonly contentType: string;
  /** All series in the Prometheus text format. */
  text(): Promise<string>;
}

/** One registry per process or test; nothing global. */
export class Metrics implements MetricsSource {
  readonly contentType: string;
  private readonly registry = new Registry();

  constructor(options: MetricsOptions) {
    this.registry.setDefaultLabels({ service: options.service });
    this.contentType = this.registry.contentType;
    if (options.process ?? true) collectDefaultMetrics({ register: this.registry });
  }

  /** A number that only grows. */
  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label> {
    return new Counter(this.settings(spec));
  }

  /** A number that goes up and down; `collect` is asked at every scrape. */
  gauge<Label extends string = never>(spec: MetricSpec<Label>, collect?: (gauge: Gauge<Label>) => void): Gauge<Label> {
    const { registry, labelNames, ...settings } = this.settings(spec);
    const gauge: Gauge<Label> = new Gauge({
      ...settings,
      labelNames: [...labelNames],
      registers: [registry],
      ...(collect && { collect: () => collect(gauge) }),
    });
    return gauge;
  }

  /** A distribution; seconds unless buckets are given. */
  histogram<Label extends string = never>(
    spec: MetricSpec<Label>,
    buckets: readonly number[] = DURATION_BUCKETS_SECONDS,
  ): Histogram<Label> {
    return new Histogram(this.settings(spec), buckets);
  }

  /** All series in the Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** In a worker process of a `node:cluster`: makes these part of what the primary's {@link clusterMetrics} tells. */
  shareWithPrimary(): void {
    new AggregatorRegistry();
    AggregatorRegistry.setRegistries([this.registry]);
  }

  private settings<Label extends string>({ name, help, labels = [], aggregator = 'sum' }: MetricSpec<Label>): SeriesOptions<Label> {
    return { name, help, labelNames: labels, aggregator, registry: this.registry };
  }
}

/** The metrics of all workers of this `node:cluster`, put together. */
export function clusterMetrics(): MetricsSource {
  const registry = new AggregatorRegistry();
  return { contentType: registry.contentType, text: () => registry.clusterMetrics() };
}

/** A registry of metrics for one process. */
export function createMetrics(options: MetricsOptions): Metrics {
  return new Metrics(options);
}
