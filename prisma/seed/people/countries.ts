import type { Faker } from '@faker-js/faker';
import { faker as german } from '@faker-js/faker/locale/de';
import { faker as british } from '@faker-js/faker/locale/en_GB';
import { faker as american } from '@faker-js/faker/locale/en_US';
import { faker as spanish } from '@faker-js/faker/locale/es';
import { faker as french } from '@faker-js/faker/locale/fr';
import { faker as japanese } from '@faker-js/faker/locale/ja';
import { faker as dutch } from '@faker-js/faker/locale/nl';
import type { SeedCurrency } from '../catalogue/rows.ts';

/** Where customers live, and with it their language, their money and their kind of name. */
export interface Country {
  readonly code: string;
  readonly locale: string;
  readonly currency: SeedCurrency;
  readonly share: number;
  readonly faker: Faker;
}

export const countries: readonly Country[] = [
  { code: 'DE', locale: 'de-DE', currency: 'EUR', share: 30, faker: german },
  { code: 'GB', locale: 'en-GB', currency: 'GBP', share: 20, faker: british },
  { code: 'US', locale: 'en-US', currency: 'USD', share: 17, faker: american },
  { code: 'FR', locale: 'fr-FR', currency: 'EUR', share: 13, faker: french },
  { code: 'NL', locale: 'nl-NL', currency: 'EUR', share: 9, faker: dutch },
  { code: 'ES', locale: 'es-ES', currency: 'EUR', share: 7, faker: spanish },
  { code: 'JP', locale: 'ja-JP', currency: 'JPY', share: 4, faker: japanese },
];
