/*
 * `seed-database.ts <subgraph> <scale>` runs `seed` of prisma/<subgraph>/seed.ts on DATABASE_URL and reports each step
 * as a line `<done> <total> <what was written>`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface SeedModule {
  readonly seed: (options: {
    databaseUrl: string;
    scale: number;
    encryptionKeys: string;
    onProgress: (progress: { done: number; total: number; step: string }) => void;
  }) => Promise<unknown>;
}

const [name = '', scale = '1'] = process.argv.slice(2);
const module = (await import(pathToFileURL(join(process.cwd(), 'prisma', name, 'seed.ts')).href)) as SeedModule;
await module.seed({
  databaseUrl: process.env['DATABASE_URL'] ?? '',
  scale: Number(scale),
  encryptionKeys: process.env['ENCRYPTION_KEYS'] ?? '',
  onProgress: ({ done, total, step }) => process.stdout.write(`${done} ${total} ${step}\n`),
});
