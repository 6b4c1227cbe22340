import { AppError } from '@app/errors';

/** Functions that call themselves for each level, as `JSON.stringify` does, fail some thousand levels down. No client needs a tenth of that. */
const MAX_LEVELS = 200;

/** @throws {AppError} BAD_REQUEST when lists and objects stand in each other deeper than anybody needs. */
export function refuseDeepJson(value: unknown): void {
  if (isDeeper(value, MAX_LEVELS)) throw new AppError('BAD_REQUEST', `The JSON has more than ${MAX_LEVELS} levels.`);
}

/** A hash of something else than text is nothing that Apollo Server can look up. @throws {AppError} BAD_REQUEST */
export function refuseOddHash(extensions: unknown): void {
  const hash = memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash');
  if (hash !== undefined && typeof hash !== 'string') throw new AppError('BAD_REQUEST', 'The hash of a persisted query is a text.');
}

/** The same for what comes in the address: JSON in the parameters `variables` and `extensions`. @throws {AppError} BAD_REQUEST */
export function refuseOddSearch(search: string): void {
  const parameters = new URLSearchParams(search);
  for (const name of ['variables', 'extensions']) {
    for (const text of parameters.getAll(name)) {
      const value = jsonOf(text);
      refuseDeepJson(value);
      if (name === 'extensions') refuseOddHash(value);
    }
  }
}

/** The body is parsed already, and its longest part is one text: to look at what there is takes less than to count brackets. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, levels - 1));
  for (const name in value) if (isDeeper((value as Record<string, unknown>)[name], levels - 1)) return true;
  return false;
}

/** Undefined when it is none: Apollo Server says so. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
