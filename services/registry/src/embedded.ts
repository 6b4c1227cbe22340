/*
 * `npm run registry`: the registry with a Postgres of its own, for trying it and for small installations. The first start makes a token and
 * shows it once.
 */
import { assertPortFree, describeFailure } from '@app/platform';
import { type Registry, startRegistry } from './app.ts';
import { readConfig, readEmbeddedConfig } from './config.ts';
import { createToken, hasTokens } from './data/tokens.ts';
import { provideDatabase } from './embedded-database.ts';

const GRAPH = 'supergraph@current';

async function start(): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const embedded = readEmbeddedConfig();
  await assertPortFree(embedded.port, 'the registry', 'REGISTRY_PORT');
  process.stdout.write('… Postgres and migrations\n');
  const database = started.use(await provideDatabase(embedded));
  const registry = started.use(await startRegistry({ config: readConfig({ ...embedded.env, DATABASE_URL_REGISTRY: database.url }) }));
  await greet(registry);
  return started.move();
}

async function greet({ url, pool }: Registry): Promise<void> {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  line(`\nThe registry is at ${url}. Ctrl-C stops it.`);
  if (await hasTokens(pool)) {
    line('  npm run registry:token -- --help   makes and lists tokens');
    return;
  }
  const rights = ['read', 'check', 'report', 'publish:*'];
  const token = await createToken(pool, { graph: GRAPH, name: 'first', rights, by: 'first start' });
  line(`  A token with all rights on ${GRAPH}, shown this once:\n\n  ${token}\n`);
  line(`  npm run schema -- publish --registry ${url} --token …`);
  line(`  npm run gateway -- --supergraph-url ${url}/supergraph/supergraph   (with SUPERGRAPH_TOKEN)`);
}

function fail(error: unknown): never {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
}

const running = await start().catch(fail);
let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal, () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    running[Symbol.asyncDispose]().then(() => process.exit(0), fail);
  });
}
