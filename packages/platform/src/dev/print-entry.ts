/*
 * Loads everything a subgraph depends on, waits for the path of a module, imports it and ends. A module is loaded once
 * per process, so what was loaded before a change cannot be used after it: each process prints one schema.
 */
import { pathToFileURL } from 'node:url';
import type { PrintAnswer, PrintQuestion } from './schema-printer.ts';

for (const name of process.argv.slice(2)) {
  // A dependency that cannot be loaded by itself is loaded, or complained about, by the module that asks for it.
  await import(name).catch(() => undefined);
}

process.on('message', ({ file }: PrintQuestion) => {
  import(pathToFileURL(file).href).then(
    () => finish({ error: null }),
    (error: unknown) => finish({ error: describe(error) }),
  );
});

function finish(answer: PrintAnswer): void {
  process.send?.(answer, undefined, undefined, () => process.exit());
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => line.includes('/subgraphs/'));
  return [error.message, ...frames.slice(0, 3)].join('\n');
}
