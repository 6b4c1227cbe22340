import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./generate.mjs', import.meta.url));

const schema = (output: string): string => `generator client {
  provider            = "prisma-client"
  output              = "${output}"
  engineType          = "client"
  importFileExtension = "ts"
}
datasource db {
  provider = "postgresql"
}
model thing {
  id String @id
}
`;

async function generate(root: string): Promise<{ stdout: string; stderr: string; code: number }> {
  const options = { env: { PATH: process.env['PATH'] ?? '', GENERATE_ROOT: root, https_proxy: 'http://127.0.0.1:9' } };
  return run(process.execPath, [script], options).then(
    (done) => ({ ...done, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
}

test('clients are generated without a network, again only when a schema changed, and a wrong schema is named', {
  timeout: 60_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), 'supergraph-generate-'));
  const file = join(root, 'prisma/things/schema.prisma');
  const client = join(root, 'subgraphs/things/src/data/client/client.ts');
  expect(await generate(root)).toMatchObject({ code: 0, stdout: '' });

  await mkdir(join(root, 'prisma/things'), { recursive: true });
  await writeFile(file, schema('../../subgraphs/things/src/data/client'));
  expect(await generate(root)).toMatchObject({ code: 0, stdout: 'things: database client generated\n' });
  expect(await readFile(client, 'utf8')).toContain('export const PrismaClient');

  const { mtimeMs } = await stat(client);
  expect(await generate(root)).toMatchObject({ code: 0, stdout: '' });
  expect((await stat(client)).mtimeMs).toBe(mtimeMs);

  await writeFile(file, schema('../../subgraphs/things/src/data/client').replace('id String @id', 'id String @id\n  name String'));
  expect((await generate(root)).stdout).toContain('generated');

  await writeFile(file, schema('../../subgraphs/things/src/data/client').replace('String', 'Strin'));
  expect(await generate(root)).toMatchObject({ code: 1, stderr: expect.stringContaining('things: prisma generate failed') });
  await rm(root, { recursive: true });
});
