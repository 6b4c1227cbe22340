import { readFile, writeFile } from 'node:fs/promises';
import { envTable } from '@app/config';
import { configShape } from './config.ts';

const START = '<!-- configuration: made by `tsx gateway/src/config-docs.ts` -->';
const END = '<!-- end of configuration -->';

/** A README with the table of variables as the code declares them. */
export function withConfigTable(readme: string): string {
  const [before, rest = ''] = readme.split(START);
  const [, after = ''] = rest.split(END);
  return `${before}${START}\n\n${envTable(configShape)}\n\n${END}${after}`;
}

if (import.meta.main) {
  const path = new URL('../README.md', import.meta.url);
  await writeFile(path, withConfigTable(await readFile(path, 'utf8')));
}
