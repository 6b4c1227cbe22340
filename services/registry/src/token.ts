/* `npm run registry:token`: makes, lists and ends tokens, in the database itself; whoever reaches that may do it. */
import { userInfo } from 'node:os';
import { readEmbeddedConfig } from './config.ts';
import { databaseFailure, openDatabase } from './data/database.ts';
import { databaseUrl } from './embedded-database.ts';
import { runTokenCommand } from './token-command.ts';

const STATEMENT_TIMEOUT_MS = 10_000;

const write = (text: string): void => void process.stdout.write(text);
const url = await databaseUrl(readEmbeddedConfig(), 'app');
const pool = openDatabase({ url, statementTimeoutMs: STATEMENT_TIMEOUT_MS, onError: () => undefined });
try {
  process.exitCode = await runTokenCommand(process.argv.slice(2), { pool, write, now: () => new Date(), by: userInfo().username });
} catch (error) {
  if (databaseFailure(error)?.code !== 'DATABASE_AWAY') throw error;
  write('The database of the registry does not answer: start it with npm run registry, or set DATABASE_URL_REGISTRY.\n');
  process.exitCode = 1;
} finally {
  await pool.end();
}
