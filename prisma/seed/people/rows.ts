import type { Role } from '@app/auth';
import type { SeedCurrency } from '../catalogue/rows.ts';

export interface PostalAddressRow {
  readonly name: string;
  readonly company: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string;
  readonly countryCode: string;
  readonly phone: string | null;
}

export interface AddressRow {
  readonly id: string;
  readonly label: string;
  readonly postal: PostalAddressRow;
  readonly isDefault: boolean;
}

export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly locale: string;
  readonly preferredCurrency: SeedCurrency;
  readonly roles: readonly Role[];
  readonly addresses: readonly [AddressRow, ...AddressRow[]];
  readonly createdAt: Date;
  /** For the other generators, not stored: how much this person shops compared with others. */
  readonly appetite: number;
}
