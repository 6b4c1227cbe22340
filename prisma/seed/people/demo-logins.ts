import type { Role } from '@app/auth';
import { seedId } from '../core/ids.ts';
import type { PersonRow } from './rows.ts';

/** The one password of every seeded account. Development only; printed by the start command. */
export const DEMO_PASSWORD = 'supergraph-demo-1';

interface DemoLogin {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly roles: readonly Role[];
}

/** One login per role. */
export const demoLogins: readonly DemoLogin[] = [
  { email: 'customer@example.com', givenName: 'Clara', familyName: 'Becker', roles: ['CUSTOMER'] },
  { email: 'support@example.com', givenName: 'Sam', familyName: 'Okafor', roles: ['CUSTOMER', 'SUPPORT'] },
  { email: 'orders@example.com', givenName: 'Olga', familyName: 'Lindqvist', roles: ['CUSTOMER', 'ORDER_MANAGER'] },
  { email: 'catalog@example.com', givenName: 'Carlos', familyName: 'Medina', roles: ['CUSTOMER', 'CATALOG_MANAGER'] },
  { email: 'moderator@example.com', givenName: 'Maya', familyName: 'Fischer', roles: ['CUSTOMER', 'MODERATOR'] },
  { email: 'admin@example.com', givenName: 'Anna', familyName: 'Novak', roles: ['CUSTOMER', 'ADMIN'] },
];

const joined = new Date('2024-02-05T09:00:00.000Z');

/** The demo logins as people of town 0. Only the customer shops. */
export function demoPeople(): PersonRow[] {
  return demoLogins.map(({ email, givenName, familyName, roles }) => ({
    id: seedId('usr', email, joined),
    email,
    displayName: `${givenName} ${familyName.charAt(0)}.`,
    givenName,
    familyName,
    locale: 'en-GB',
    preferredCurrency: 'EUR',
    roles,
    addresses: [
      {
        id: seedId('adr', email, joined),
        label: 'Home',
        isDefault: true,
        postal: {
          name: `${givenName} ${familyName}`,
          company: null,
          line1: 'Lindenallee 12',
          line2: null,
          city: 'Hamburg',
          region: null,
          postalCode: '20259',
          countryCode: 'DE',
          phone: '+49 40 5550123',
        },
      },
    ],
    createdAt: joined,
    appetite: email === 'customer@example.com' ? 6 : 0,
  }));
}
