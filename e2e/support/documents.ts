import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../clients/operations/', import.meta.url));

/** Names of the documents in clients/operations, without `.graphql`. */
export function documentNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.replace('.graphql', ''))
    .sort();
}

/** A document of clients/operations, as it is. */
export function documentText(name: string): string {
  return readFileSync(`${folder}${name}.graphql`, 'utf8');
}
