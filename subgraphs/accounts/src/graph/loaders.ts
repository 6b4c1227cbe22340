import { isId } from '@app/database';
import DataLoader from 'dataloader';
import type { Caller } from '../service/caller.ts';
import type { AccountsApp } from '../service/ports.ts';
import {
  readAccounts,
  readAddresses,
  readAddressesOf,
  readExports,
  readExportsOf,
  readFactorsOf,
  readIdentitiesOf,
  readRecoveryCodesLeft,
  readSessionsOf,
} from '../service/reading.ts';

/** This request's loaders: each collects the keys of one tick and asks once. Foreign and malformed ids find null. */
export function makeLoaders(app: AccountsApp, caller: Caller) {
  return {
    account: batched((ids) => readAccounts(app, ids), 'usr'),
    address: batched((ids) => readAddresses(app, caller, ids), 'adr'),
    dataExport: batched((ids) => readExports(app, caller, ids), 'dex'),
    addressesOf: batchedLists((ids) => readAddressesOf(app, ids)),
    sessionsOf: batchedLists((ids) => readSessionsOf(app, ids)),
    identitiesOf: batchedLists((ids) => readIdentitiesOf(app, ids)),
    factorsOf: batchedLists((ids) => readFactorsOf(app, ids)),
    exportsOf: batchedLists((ids) => readExportsOf(app, ids)),
    recoveryCodesLeft: batchedLists((ids) => readRecoveryCodesLeft(app, ids)),
  };
}

export type Loaders = ReturnType<typeof makeLoaders>;

const options = { maxBatchSize: 500 };

/** Ids of another kind never reach the database: the batch asks for the rest. */
function batched<Row>(read: (ids: readonly string[]) => Promise<(Row | null)[]>, prefix: string): DataLoader<string, Row | null> {
  return new DataLoader<string, Row | null>(async (keys) => {
    const ids = keys.filter((key) => isId(prefix, key));
    const rows = ids.length === 0 ? [] : await read(ids);
    const found = new Map(ids.map((id, index) => [id, rows[index] ?? null]));
    return keys.map((key) => found.get(key) ?? null);
  }, options);
}

function batchedLists<Value>(read: (ids: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(read, options);
}
