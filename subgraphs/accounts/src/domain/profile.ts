import type { InputCheck } from '@app/subgraph';

type Path = readonly string[];

/** The public name of a person. */
export function checkDisplayName(check: InputCheck, value: string, path: Path): string {
  return check.text(value, path, { max: 80 });
}

/** A given or family name; blank means none. */
export function checkName(check: InputCheck, value: string | null | undefined, path: Path): string | null {
  return check.optionalText(value, path, { max: 80 });
}

/** A language tag such as `de` or `de-CH` (BCP 47) in its canonical form; blank means none. */
export function checkLocale(check: InputCheck, value: string | null | undefined, path: Path): string | null {
  const hint = 'Give a language tag such as en or de-CH.';
  const text = check.optionalText(value, path, { max: 35, pattern: { regex: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, hint } });
  if (text === null) return null;
  try {
    return Intl.getCanonicalLocales(text)[0] ?? text;
  } catch {
    // Refused by the pattern already, or by its finer rules now.
    check.require(!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text), path, 'INVALID', hint);
    return text;
  }
}
