import { writeFile } from 'node:fs/promises';
import { productsSchema } from './graph/schema.ts';

const { sdl } = await productsSchema();
await writeFile(new URL('../schema.graphql', import.meta.url), sdl);
