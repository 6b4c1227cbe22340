import { expect, test } from 'vitest';
import { operationsInUse, type RegisteredOperation } from './index.ts';

const today = new Date('2026-11-20T00:00:00Z');
const seen: RegisteredOperation = {
  name: 'Seen',
  document: 'query Seen { a }',
  hash: '1',
  clients: ['my@app@2', 'web@1'],
  lastSeen: '2026-11-10T00:00:00Z',
  requests: 7,
};
const registered: RegisteredOperation = { ...seen, name: 'Registered', lastSeen: null };
const names = (filter: Parameters<typeof operationsInUse>[1], operations = [seen, registered]) =>
  operationsInUse(operations, filter, today).map(({ name }) => name);

test('everything counts without a filter', () => expect(names({})).toEqual(['Seen', 'Registered']));

test('what was not seen within the window is out, what was never reported stays', () => {
  expect(names({ days: 9 })).toEqual(['Registered']);
  expect(names({ days: 10 })).toEqual(['Seen', 'Registered']);
});

test('what is sent less often than the threshold is out', () => {
  expect(names({ minRequests: 8 })).toEqual(['Registered']);
  expect(names({ minRequests: 7 })).toEqual(['Seen', 'Registered']);
  expect(names({ minRequests: 7 }, [{ ...seen, requests: undefined }])).toEqual(['Seen']);
});

test('excluded clients are left out by name or by version; an operation that only they send is out', () => {
  expect(operationsInUse([seen], { excludedClients: ['my@app'] }, today)[0]?.clients).toEqual(['web@1']);
  expect(operationsInUse([seen], { excludedClients: ['web@2'] }, today)[0]?.clients).toEqual(seen.clients);
  expect(names({ excludedClients: ['my@app@2', 'web'] })).toEqual([]);
  expect(names({ excludedClients: ['web'] }, [{ ...seen, clients: [] }])).toEqual(['Seen']);
});
