import { KeyRing } from '@app/database';
import { hash } from '@node-rs/argon2';
import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import { DEMO_PASSWORD } from '../seed/people/demo-logins.ts';
import type { AddressRow, PersonRow } from '../seed/people/rows.ts';

/** Fills the accounts database: people, their addresses, and one password for all of them. */
export function seed({ encryptionKeys, ...options }: SeedOptions & { encryptionKeys: string }): Promise<SeedResult> {
  const ring = KeyRing.parse(encryptionKeys);
  return fillDatabase(options, {
    marker: (town) => ({ table: 'account', id: firstOf(town.people()).id }),
    rowsOf: async (town): Promise<TableRows[]> => {
      // argon2id is slow by design; the same demo password needs it once.
      const passwordHash = await hash(DEMO_PASSWORD);
      return [
        { table: 'account', rows: town.people().map((person) => accountRow(person, passwordHash)) },
        { table: 'address', rows: town.people().flatMap((person) => person.addresses.map((address) => addressRow(person, address, ring))) },
      ];
    },
  });
}

function accountRow(person: PersonRow, passwordHash: string): Record<string, unknown> {
  return {
    id: person.id,
    email: person.email,
    email_verified_at: person.createdAt,
    password_hash: passwordHash,
    display_name: person.displayName,
    given_name: person.givenName,
    family_name: person.familyName,
    locale: person.locale,
    preferred_currency: person.preferredCurrency,
    roles: person.roles,
    status: 'ACTIVE',
    risk_level: 'LOW',
    created_at: person.createdAt,
    updated_at: person.createdAt,
  };
}

function addressRow(person: PersonRow, { id, label, postal, isDefault }: AddressRow, ring: KeyRing): Record<string, unknown> {
  return {
    id,
    account_id: person.id,
    label,
    name: postal.name,
    company: postal.company,
    line1: ring.encrypt(postal.line1, 'Address.line1'),
    line2: postal.line2 === null ? null : ring.encrypt(postal.line2, 'Address.line2'),
    city: postal.city,
    region: postal.region,
    postal_code: postal.postalCode,
    country_code: postal.countryCode,
    phone: postal.phone === null ? null : ring.encrypt(postal.phone, 'Address.phone'),
    is_default_shipping: isDefault,
    is_default_billing: isDefault,
    created_at: person.createdAt,
    updated_at: person.createdAt,
  };
}

function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new RangeError('a town without people');
  return first;
}
