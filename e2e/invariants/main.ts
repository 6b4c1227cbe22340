import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig, runningDatabaseUrls } from '@app/platform';
import { allInvariants } from './all-invariants.ts';
import { openBooks } from './books.ts';
import { allHold, findingsTable, inspect } from './invariant.ts';

/**
 * `npm run invariants [-- --grace SECONDS]`: checks all databases of the installation that runs with the variables of
 * this shell. What is younger than the grace (60 s unless given) may still be on its way. Exit code 1 when one is broken.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { grace: { type: 'string', default: '60' } } });
const urls = await runningDatabaseUrls(readConfig(process.env, root));
await using books = openBooks(urls, { graceSeconds: Number(values.grace) });
const findings = await inspect(books, allInvariants);
process.stdout.write(`${findingsTable(findings)}\n`);
process.exitCode = allHold(findings) ? 0 : 1;
