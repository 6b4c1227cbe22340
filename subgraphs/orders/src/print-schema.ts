import { writeFile } from 'node:fs/promises';
import { buildOrdersSchema } from './schema.ts';

const { sdl } = await buildOrdersSchema();
await writeFile(new URL('../schema.graphql', import.meta.url), sdl);
