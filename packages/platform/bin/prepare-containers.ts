/*
 * One-shot of docker-compose.yml: databases, roles, migrations, demo data, secrets, and a file with variables for every
 * process, in DATA_DIR. POSTGRES_ADMIN_URL and REDIS_URL say where the servers are.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, url } from '@app/config';
import { runCommand } from '../src/cli/run.ts';
import { readConfig } from '../src/config.ts';
import { prepareDatabases } from '../src/data-services.ts';
import { processSpecs, secretNames } from '../src/process-specs.ts';
import { lineProgress } from '../src/progress.ts';
import { projectLayout } from '../src/project-layout.ts';
import { ensureSecrets, ensureSigningKeys } from '../src/secrets.ts';
import { seedOnce } from '../src/seed-step.ts';
import { membersOf } from '../src/service-list.ts';

const shape = {
  POSTGRES_ADMIN_URL: url('postgresql', 'postgres').describe('A superuser of the Postgres server.'),
  REDIS_URL: url('redis', 'rediss').describe('The Redis server.'),
};

await runCommand(async () => {
  const layout = projectLayout(process.cwd());
  const config = readConfig(process.env, layout.root);
  const { POSTGRES_ADMIN_URL: adminUrl, REDIS_URL: redisUrl } = parseEnv(shape, process.env);
  const secrets = await ensureSecrets(join(config.dataDir, 'secrets.json'), secretNames(membersOf(config)));
  const signingKeysFile = join(config.dataDir, 'signing-keys.json');
  await ensureSigningKeys(signingKeysFile);
  const progress = lineProgress((line) => process.stdout.write(`${line}\n`));
  const urls = await prepareDatabases({ config, layout, secrets, progress }, adminUrl);
  await seedOnce({ config, layout, progress, nodeArgs: [], env: process.env, secrets }, urls);
  const specs = await processSpecs({
    root: layout.root,
    config,
    secrets,
    databaseUrls: Object.fromEntries(Object.entries(urls).map(([name, { app }]) => [name, app])),
    natsUrl: config.natsUrl,
    redisUrl,
    supergraphFile: join(layout.root, 'gateway', 'supergraph.graphql'),
    signingKeysFile,
    hostOf: (name) => name,
    nodeArgs: [],
    env: {},
  });
  const folder = join(config.dataDir, 'processes');
  await mkdir(folder, { recursive: true });
  for (const { name, env } of specs) {
    if (env['MAIL_TRANSPORT'] !== undefined) env['MAIL_TRANSPORT'] = 'console';
    await writeFile(join(folder, `${name}.json`), JSON.stringify(env), { mode: 0o600 });
  }
  return 0;
});
