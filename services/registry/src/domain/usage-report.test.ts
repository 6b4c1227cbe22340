import { type IReport, type ITrace, Report, Trace } from '@apollo/usage-reporting-protobuf';
import { expect, test } from 'vitest';
import { bucketOf, percentileMs, readHistogram } from './latency.ts';
import { readUsageReport } from './usage-report.ts';

const encode = (report: IReport) => Report.encode(report).finish();
const read = (tracesPerQuery: IReport['tracesPerQuery'], more: Partial<IReport> = {}) =>
  readUsageReport(encode({ header: { graphRef: 'shop@current' }, tracesPerQuery, ...more }));
const trace = (more: Partial<ITrace> = {}): ITrace => ({ durationNs: 2_000_000, clientName: 'web', clientVersion: '1', ...more });
const page = '# Page\nquery Page{product{title}}';

test('traces and counts of one client are added up', () => {
  const { tally, graphRef, endedAt } = read(
    {
      [page]: {
        trace: [trace(), trace({ clientVersion: '2' })],
        statsWithContext: [
          {
            context: { clientName: 'web', clientVersion: '1' },
            queryLatencyStats: { requestCount: 5, requestsWithErrorsCount: 2, latencyCount: [0, 3, -2, 2] },
            perTypeStat: { Product: { perFieldStat: { title: { returnType: 'String', estimatedExecutionCount: 50, errorsCount: 2 } } } },
          },
        ],
        referencedFieldsByType: { Query: { fieldNames: ['product'] }, Product: { fieldNames: ['title'] } },
      },
    },
    { endTime: { seconds: 1_700_000_000, nanos: 500_000_000 } },
  );
  expect(graphRef).toBe('shop@current');
  expect(endedAt?.toISOString()).toBe('2023-11-14T22:13:20.500Z');
  expect(tally.operations).toMatchObject([
    { name: 'Page', signature: 'query Page{product{title}}', clientName: 'web', clientVersion: '1', requests: 6, errors: 2 },
    { clientVersion: '2', requests: 1, errors: 0 },
  ]);
  expect([...(tally.operations[0]?.latency ?? [])]).toEqual([
    [bucketOf(2_000_000), 1],
    [1, 3],
    [4, 2],
  ]);
  expect(tally.fields).toEqual([
    { coordinate: 'Product.title', clientName: 'web', requests: 7, executions: 50, errors: 2 },
    { coordinate: 'Query.product', clientName: 'web', requests: 7, executions: 0, errors: 0 },
  ]);
});

test('resolvers and errors are found wherever the plan put them', () => {
  const root = { child: [{ responseName: 'alias', originalFieldName: 'title', parentType: 'Product', error: [{ message: 'secret' }] }] };
  const fetch = { fetch: { trace: new Trace({ root }) } };
  const queryPlan = { sequence: { nodes: [{ parallel: { nodes: [{ flatten: { node: fetch } }, { condition: { ifClause: fetch } }] } }] } };
  const { tally } = read({ [page]: { trace: [trace({ queryPlan, fieldExecutionWeight: 10 })] } });
  expect(tally.operations).toMatchObject([{ requests: 1, errors: 1 }]);
  expect(tally.fields).toEqual([{ coordinate: 'Product.title', clientName: 'web', requests: 0, executions: 20, errors: 2 }]);
  expect(JSON.stringify(tally.fields)).not.toContain('secret');
});

test('when counts stand for everything, traces are samples of it', () => {
  const statsWithContext = [{ context: { clientName: 'web' }, queryLatencyStats: { requestCount: 4 } }];
  const { tally } = read({ [page]: { trace: [trace()], statsWithContext } }, { tracesPreAggregated: true });
  expect(tally.operations).toMatchObject([{ clientVersion: 'unknown', requests: 4 }]);
});

test.each([
  ['## GraphQLParseFailure\n', 'GraphQLParseFailure'],
  ['## GraphQLValidationFailure\n', 'GraphQLValidationFailure'],
  ['# Page\nquery {', 'SignatureUnreadable'],
  ['nonsense', 'SignatureUnreadable'],
  [`# Page\n{${'a '.repeat(60_000)}}`, 'SignatureTooLarge'],
  [`# Page\n{${'a '.repeat(30_000)}}`, 'SignatureUnreadable'],
])('%.30j is counted, but is no operation', (key, kind) => {
  const { tally } = read({ [key]: { trace: [trace()], statsWithContext: [{ context: {}, queryLatencyStats: { requestCount: 2 } }] } });
  expect(tally.operations).toEqual([]);
  expect(tally.refused).toEqual([
    { kind, clientName: 'web', clientVersion: '1', requests: 1 },
    { kind, clientName: 'unknown', clientVersion: 'unknown', requests: 2 },
  ]);
});

test('what senders make up is cut to what can be kept', () => {
  const stats = {
    context: { clientName: `a\0\u001b[31m${'x'.repeat(500)}` },
    queryLatencyStats: { requestCount: -5, requestsWithErrorsCount: Infinity },
  };
  const { tally } = read({
    '# "; DROP TABLE\n{a}': {
      statsWithContext: [stats],
      referencedFieldsByType: { 'A"': { fieldNames: ['b'] }, A: { fieldNames: ['b c', '__typename'] } },
    },
  });
  expect(tally.operations).toMatchObject([{ name: '-', requests: 0, errors: 0 }]);
  expect(tally.operations[0]?.clientName).toHaveLength(100);
  expect(tally.operations[0]?.clientName).not.toMatch(/\p{Cc}/u);
  expect(tally.fields.map(({ coordinate }) => coordinate)).toEqual(['A.__typename']);
});

test.each([[[1, 2, 3]], [[0xff, 0xff, 0xff, 0xff]], [[0x2a, 0x7f]]])('bytes %j are no report', (bytes) => {
  expect(() => readUsageReport(Uint8Array.from(bytes))).toThrow(/no usage report/);
});

test('percentiles come from buckets that are ten percent wide', () => {
  expect(percentileMs(new Map(), 0.5)).toBeUndefined();
  const histogram = new Map([
    [bucketOf(1_000_000), 98],
    [bucketOf(500_000_000), 2],
  ]);
  expect(percentileMs(histogram, 0.5)).toBeGreaterThanOrEqual(1);
  expect(percentileMs(histogram, 0.5)).toBeLessThan(1.11);
  expect(percentileMs(histogram, 0.99)).toBeGreaterThanOrEqual(500);
  expect([bucketOf(0), bucketOf(-1), bucketOf(1e30)]).toEqual([0, 0, 383]);
  expect([...readHistogram([-400, 5])]).toEqual([]);
});
