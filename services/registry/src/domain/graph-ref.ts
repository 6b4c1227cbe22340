import { RegistryError } from '../registry-error.ts';

const form = /^[A-Za-z][\w-]{0,63}@[A-Za-z0-9][\w-]{0,63}$/;

/** Apollo's name for the variant that is meant when none is named. */
const DEFAULT_VARIANT = 'current';

/** A graph's name as it is stored, `id@variant`. @throws {RegistryError} `WRONG_FIELD` when it is no name. */
export function graphRef(text: string): string {
  const ref = text.includes('@') ? text : `${text}@${DEFAULT_VARIANT}`;
  if (!form.test(ref))
    throw new RegistryError('WRONG_FIELD', `"${text.slice(0, 140)}" is no name of a graph: write id@variant, such as shop@current.`);
  return ref;
}
