/** What was looked up in a gateway's caches so far, by cache and result. */
export type Lookups = ReadonlyMap<string, number>;

/** Reads the counts of a gateway's caches from its metrics. */
export async function readLookups(metricsUrl: string): Promise<Lookups> {
  const text = await (await fetch(metricsUrl)).text();
  const series = text.matchAll(/^gateway_cache_lookups_total\{cache="(\w+)",result="(\w+)".*\} (\d+)$/gm);
  return new Map(Array.from(series, ([, cache, result, count]) => [`${cache} ${result}`, Number(count)]));
}

/** Which share of lookups between two readings was answered out of a cache, in percent; `-` when nobody asked it. */
export function hitsBetween(before: Lookups, after: Lookups, cache: 'response' | 'entity'): string {
  const during = (result: string) => (after.get(`${cache} ${result}`) ?? 0) - (before.get(`${cache} ${result}`) ?? 0);
  const [hits, misses] = [during('hit') + during('stale'), during('miss')];
  return hits + misses === 0 ? '-' : `${Math.round((100 * hits) / (hits + misses))} %`;
}
