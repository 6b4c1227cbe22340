import type { Faker } from '@faker-js/faker';
import { slugOf } from '../catalogue/products.ts';
import { DAY_MS, plus, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { at, hash128, type Random, randomFor } from '../core/random.ts';
import { type Country, countries } from './countries.ts';
import { demoPeople } from './demo-logins.ts';
import type { AddressRow, PersonRow, PostalAddressRow } from './rows.ts';

/** Customers per town; the six demo logins come on top in town 0. */
export const CUSTOMERS_PER_TOWN = 300;

/** Everybody in one town. Town 0 starts with the demo logins, so `people[0]` is customer@example.com. */
export function peopleOf(seed: string, town: number): PersonRow[] {
  const customers = Array.from({ length: CUSTOMERS_PER_TOWN }, (_, index) => customer(seed, town, index));
  return town === 0 ? [...demoPeople(), ...customers] : customers;
}

function customer(seed: string, town: number, index: number): PersonRow {
  const key = `${town}/${index}`;
  const random = randomFor(`${seed}/person/${key}`);
  const country = random.weighted(countries.map((candidate) => [candidate, candidate.share] as const));
  const { faker } = country;
  faker.seed(at(hash128(`${seed}/faker/${key}`), 0));
  const givenName = faker.person.firstName();
  const familyName = faker.person.lastName();
  const createdAt = joinDate(random);
  return {
    id: seedId('usr', key, createdAt),
    email: `${mailbox(givenName, familyName)}.${town * CUSTOMERS_PER_TOWN + index + 1}@example.net`,
    displayName: country.code === 'JP' ? fullName(country, givenName, familyName) : displayName(random, givenName, familyName),
    givenName,
    familyName,
    locale: country.locale,
    preferredCurrency: country.currency,
    roles: ['CUSTOMER'],
    addresses: addresses({ random, country, key, name: fullName(country, givenName, familyName), createdAt }),
    createdAt,
    appetite: 0.4 + random.next() ** 3 * 6,
  };
}

/** Two thirds were customers before the demo year began; the others joined in its first eight months. */
function joinDate(random: Random): Date {
  const days = random.chance(0.66) ? -random.next() * 600 : random.next() * 240;
  return plus(SEED_YEAR_START, days * DAY_MS);
}

function mailbox(givenName: string, familyName: string): string {
  const words = [slugOf(givenName), slugOf(familyName)].filter((word) => word !== '');
  return words.length === 2 ? words.join('.') : 'customer';
}

/** Names as people choose them next to a review. */
function displayName(random: Random, givenName: string, familyName: string): string {
  const initial = `${givenName} ${familyName.charAt(0)}.`;
  return random.weighted([
    [initial, 70],
    [givenName, 15],
    [`${givenName} ${familyName}`, 15],
  ] as const);
}

function fullName(country: Country, givenName: string, familyName: string): string {
  return country.code === 'JP' ? `${familyName} ${givenName}` : `${givenName} ${familyName}`;
}

interface AddressContext {
  readonly random: Random;
  readonly country: Country;
  readonly key: string;
  readonly name: string;
  readonly createdAt: Date;
}

function addresses({ random, country, key, name, createdAt }: AddressContext): [AddressRow, ...AddressRow[]] {
  const home: AddressRow = {
    id: seedId('adr', `${key}/home`, createdAt),
    label: 'Home',
    postal: postal(country, name, null),
    isDefault: true,
  };
  if (!random.chance(0.25)) return [home];
  const company = country.faker.company.name();
  return [home, { id: seedId('adr', `${key}/work`, createdAt), label: 'Work', postal: postal(country, name, company), isDefault: false }];
}

function postal({ code, faker }: Country, name: string, company: string | null): PostalAddressRow {
  return {
    name,
    company,
    line1: faker.location.streetAddress(),
    line2: null,
    city: faker.location.city(),
    region: code === 'US' || code === 'JP' ? regionOf(code, faker) : null,
    postalCode: faker.location.zipCode(),
    countryCode: code,
    phone: null,
  };
}

function regionOf(code: string, faker: Faker): string {
  return code === 'US' ? faker.location.state({ abbreviated: true }) : faker.location.state();
}
