import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewsSchema } from './graph/schema.ts';

/** Writes schema.graphql: the contract that people review and that the supergraph is composed from. */
writeFileSync(join(import.meta.dirname, '../schema.graphql'), (await reviewsSchema()).sdl);
