import { clientVariable } from '../plan/variable-names.ts';
import { jsonText, quote } from './json-text.ts';

/** Client variables by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Makes the writer of the variables that one fetch uses, by their names in the plan, as JSON members without braces. Variables that the client left out stay out. */
export function variableWriter(names: readonly string[] | undefined): (variables: Variables) => string {
  if (names === undefined || names.length === 0) return () => '';
  const slots = names.map((name) => ({ name: clientVariable(name), prefix: `${quote(name)}:` }));
  return (variables) => {
    let text = '';
    for (const { name, prefix } of slots) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined) continue;
      text += `${text === '' ? '' : ','}${prefix}${jsonText(value)}`;
    }
    return text;
  };
}
