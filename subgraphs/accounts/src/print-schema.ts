import { writeFile } from 'node:fs/promises';
import { buildAccountsSchema } from './schema.ts';

const { sdl } = await buildAccountsSchema();
await writeFile(new URL('../schema.graphql', import.meta.url), sdl);
console.log('subgraphs/accounts/schema.graphql written');
