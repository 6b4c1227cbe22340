import { isRole, type Role, roles } from '@app/auth';
import { ConfigError } from '@app/config';
import { z } from 'zod';
import { type Issuer, issuerSchema } from './auth/issuers.ts';

/** Accepted issuers, from JSON. @throws {ConfigError} */
export function parseIssuers(text: string): Issuer[] {
  const result = z.array(issuerSchema).safeParse(parseJson('ISSUERS', text));
  if (!result.success) throw wrong('ISSUERS', `ISSUERS is wrong: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Keys by name. A key shorter than 32 characters could be guessed. */
export function parseKeys(entries: readonly string[]): Map<string, string> {
  const isKey = (key: string) => key.length >= 32;
  return parsePairs(
    entries,
    isKey,
    wrong('INTERNAL_KEYS', 'INTERNAL_KEYS is (hidden): allowed is name=key,… with keys of at least 32 characters'),
  );
}

/** Addresses by name. @throws {ConfigError} */
export function parseUrls(entries: readonly string[]): Map<string, string> {
  const isHttp = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return parsePairs(entries, isHttp, wrong('SUBGRAPH_URLS', `SUBGRAPH_URLS is "${entries.join(',')}": allowed is name=http://…,…`));
}

/** Cost units by role. @throws {ConfigError} */
export function parseRoleBudgets(entries: readonly string[]): Map<Role, number> {
  const budgets = [...parseBudgets('RATE_ROLES', entries)];
  return new Map(
    budgets.map(([role, units]) => {
      if (!isRole(role)) throw wrong('RATE_ROLES', `RATE_ROLES names ${role}: allowed is ${roles.join(', ')}`);
      return [role, units];
    }),
  );
}

/** Positive counts by name. @throws {ConfigError} */
export function parseBudgets(variable: string, entries: readonly string[]): Map<string, number> {
  const isCount = (text: string) => /^[1-9]\d{0,11}$/.test(text);
  const pairs = parsePairs(entries, isCount, wrong(variable, `${variable} is "${entries.join(',')}": allowed is name=number,…`));
  return new Map([...pairs].map(([name, units]) => [name, Number(units)]));
}

/** Shares from 0 to 1 by label, from percent. @throws {ConfigError} */
export function parseLabelShares(entries: readonly string[]): Map<string, number> {
  return new Map(
    entries.map((entry) => {
      const [, label, percent] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
      if (label === undefined || !(Number(percent) <= 100)) {
        throw wrong('OVERRIDE_LABELS', `OVERRIDE_LABELS is "${entries.join(',')}": allowed is label=percent,… with percent from 0 to 100`);
      }
      return [label, Number(percent) / 100];
    }),
  );
}

/** Reads `name=value` entries. */
function parsePairs(entries: readonly string[], isAllowed: (value: string) => boolean, problem: ConfigError): Map<string, string> {
  return new Map(
    entries.map((entry) => {
      const [, name, value] = /^([\w-]+)=(.+)$/.exec(entry) ?? [];
      if (name === undefined || value === undefined || !isAllowed(value)) throw problem;
      return [name, value];
    }),
  );
}

/** @throws {ConfigError} naming the variable. */
export function parseJson(variable: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(variable, `${variable} is not valid JSON`);
  }
}

/** What is wrong with a variable. */
export function wrong(variable: string, text: string): ConfigError {
  return new ConfigError([{ variable, text }]);
}
