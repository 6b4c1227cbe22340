import { handle, startJobWorker } from '../src/index.ts';
import { greet } from './jobs-kit.ts';

/** A worker that takes a job, says so, and never ends it. */
const hang = handle(greet, () => {
  process.stdout.write('running\n');
  return new Promise(() => undefined);
});
startJobWorker({ url: process.argv[2] ?? '', name: 'test', handlers: [hang], lockMs: 500, observe: () => undefined });
