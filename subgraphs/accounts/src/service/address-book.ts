import { isId, newId, withTx } from '@app/database';
import { conflict, InputCheck, notFound, type PostalAddressInput, UserFault } from '@app/subgraph';
import {
  type AddressFacts,
  type AddressRow,
  clearDefaults,
  countAddresses,
  deleteAddress,
  fillDefaults,
  findOwnAddress,
  insertAddress,
  updateAddress,
} from '../data/addresses.ts';
import type { Tx } from '../data/client.ts';
import { maxAddresses } from '../domain/account.ts';
import { checkPostalAddress } from '../domain/postal-address.ts';
import { type Caller, lockOwnActiveAccount, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** An address as its owner wants it. Default marks left out stay as they are; the first address gets both. */
export interface AddressWish {
  readonly postal: PostalAddressInput;
  readonly label?: string | null;
  readonly defaultShipping?: boolean | null;
  readonly defaultBilling?: boolean | null;
}

/** Adds an address to the caller's book. @throws {UserFault} TOO_MANY_ADDRESSES. */
export async function createAddress(app: AccountsApp, caller: Caller, wish: AddressWish): Promise<{ address: AddressRow }> {
  requireUser(caller);
  const facts = checkAddress(wish);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnActiveAccount(tx, caller, now);
    const count = await countAddresses(tx, account.id);
    if (count >= maxAddresses) {
      throw new UserFault(
        conflict('TOO_MANY_ADDRESSES', `There is room for ${maxAddresses} addresses: delete one first.`, null, ['input']),
      );
    }
    const marks = { isDefaultShipping: wish.defaultShipping ?? count === 0, isDefaultBilling: wish.defaultBilling ?? count === 0 };
    await clearDefaults(tx, account.id, marks);
    const id = newId('adr', now.getTime());
    await insertAddress(tx, { id, accountId: account.id, ...facts, ...marks, createdAt: now, updatedAt: now });
    return { address: await settle(tx, account.id, id) };
  });
}

/** Replaces an address of the caller's book. Orders keep their own copy. @throws {UserFault} NOT_FOUND. */
export async function changeAddress(app: AccountsApp, caller: Caller, id: string, wish: AddressWish): Promise<{ address: AddressRow }> {
  requireUser(caller);
  const facts = checkAddress(wish);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnActiveAccount(tx, caller, now);
    const known = await requireAddress(tx, account.id, id);
    const marks = {
      isDefaultShipping: wish.defaultShipping ?? known.isDefaultShipping,
      isDefaultBilling: wish.defaultBilling ?? known.isDefaultBilling,
    };
    await clearDefaults(tx, account.id, marks);
    await updateAddress(tx, id, { ...facts, ...marks }, now);
    return { address: await settle(tx, account.id, id) };
  });
}

/** Deletes an address of the caller's book; the oldest that is left becomes default in its place. @throws {UserFault} NOT_FOUND. */
export async function removeAddress(app: AccountsApp, caller: Caller, id: string): Promise<{ ok: boolean }> {
  requireUser(caller);
  return withTx(app.db, async (tx) => {
    const account = await lockOwnActiveAccount(tx, caller, app.now());
    await requireAddress(tx, account.id, id);
    await deleteAddress(tx, id);
    await fillDefaults(tx, account.id);
    return { ok: true };
  });
}

async function requireAddress(tx: Tx, accountId: string, id: string): Promise<AddressRow> {
  const address = isId('adr', id) ? await findOwnAddress(tx, accountId, id) : null;
  if (!address) throw new UserFault(notFound('address', id));
  return address;
}

/** A book that is not empty has both defaults; the address as it is then. */
async function settle(tx: Tx, accountId: string, id: string): Promise<AddressRow> {
  await fillDefaults(tx, accountId);
  return requireAddress(tx, accountId, id);
}

function checkAddress(wish: AddressWish): Omit<AddressFacts, 'isDefaultShipping' | 'isDefaultBilling'> {
  const check = new InputCheck();
  const postal = checkPostalAddress(check, wish.postal, ['input', 'postal']);
  const label = check.optionalText(wish.label, ['input', 'label'], { max: 40 });
  check.finish();
  return { ...postal, label };
}
