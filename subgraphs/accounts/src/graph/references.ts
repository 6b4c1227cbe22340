import type { ReferenceResolver } from '@app/subgraph';
import type DataLoader from 'dataloader';
import type { AccountsContext } from '../context.ts';
import { maySee } from '../service/caller.ts';
import { isOwn } from '../service/reading.ts';
import { Account } from './account.type.ts';
import { Address } from './address.type.ts';
import { DataExport } from './data-export.type.ts';
import { User } from './user.type.ts';

/** How other subgraphs' references are found; what the caller may not see is null, as what does not exist. */
export const references: Record<string, ReferenceResolver<AccountsContext>> = {
  User: async ({ id }, { loaders }) => {
    const row = await find(loaders.account, id);
    return row && row.status !== 'PENDING_VERIFICATION' ? User.of(row) : null;
  },
  Account: async ({ id }, { loaders, caller }) => {
    // Refused before the database is asked.
    if (typeof id !== 'string' || !maySee(caller, id)) return null;
    const row = await find(loaders.account, id);
    return row ? Account.of(row) : null;
  },
  Address: async ({ id }, { loaders }) => {
    const row = await find(loaders.address, id);
    return row ? Address.of(row) : null;
  },
  DataExport: async ({ id }, { loaders, caller }) => {
    const row = await find(loaders.dataExport, id);
    return row ? DataExport.of(row, isOwn(caller, row.accountId)) : null;
  },
};

/** A representation may hold anything for an id; what is no text finds nothing. */
function find<Row>(loader: DataLoader<string, Row | null>, id: unknown): Promise<Row | null> {
  return typeof id === 'string' ? loader.load(id) : Promise.resolve(null);
}
