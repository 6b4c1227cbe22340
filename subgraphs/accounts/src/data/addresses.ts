import type { Address, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type AddressRow = Address;
/** What an owner says about an address. */
export type AddressFacts = Omit<Address, 'id' | 'accountId' | 'createdAt' | 'updatedAt'>;

/** The addresses of several accounts, oldest first. */
export function findAddressesOf(db: Tx, accountIds: readonly string[]): Promise<AddressRow[]> {
  return db.address.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { id: 'asc' } });
}

export function findAddresses(db: Tx, ids: readonly string[]): Promise<AddressRow[]> {
  return db.address.findMany({ where: { id: { in: [...ids] } } });
}

export function findOwnAddress(db: Tx, accountId: string, id: string): Promise<AddressRow | null> {
  return db.address.findFirst({ where: { id, accountId } });
}

export function countAddresses(tx: Tx, accountId: string): Promise<number> {
  return tx.address.count({ where: { accountId } });
}

export function insertAddress(tx: Tx, address: Prisma.AddressUncheckedCreateInput): Promise<AddressRow> {
  return tx.address.create({ data: address });
}

export function updateAddress(tx: Tx, id: string, changes: AddressFacts, now: Date): Promise<AddressRow> {
  return tx.address.update({ where: { id }, data: { ...changes, updatedAt: now } });
}

export async function deleteAddress(tx: Tx, id: string): Promise<void> {
  await tx.address.delete({ where: { id } });
}

/** Takes the marks from all other addresses of the account that `next` is about to get. */
export async function clearDefaults(
  tx: Tx,
  accountId: string,
  next: { isDefaultShipping: boolean; isDefaultBilling: boolean },
): Promise<void> {
  if (next.isDefaultShipping) {
    await tx.address.updateMany({ where: { accountId, isDefaultShipping: true }, data: { isDefaultShipping: false } });
  }
  if (next.isDefaultBilling) {
    await tx.address.updateMany({ where: { accountId, isDefaultBilling: true }, data: { isDefaultBilling: false } });
  }
}

/** Marks the oldest address that is left as default where there is none any more. */
export async function fillDefaults(tx: Tx, accountId: string): Promise<void> {
  const rows = await findAddressesOf(tx, [accountId]);
  const first = rows[0];
  if (!first) return;
  const changes = {
    ...(!rows.some((row) => row.isDefaultShipping) && { isDefaultShipping: true }),
    ...(!rows.some((row) => row.isDefaultBilling) && { isDefaultBilling: true }),
  };
  if (Object.keys(changes).length > 0) await tx.address.update({ where: { id: first.id }, data: changes });
}
