import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from './compose.ts';
import { subgraphPorts } from './subgraph-ports.ts';

/** `npm run compose`: subgraphs/*\/schema.graphql → gateway/supergraph.graphql. With --check nothing is written: the committed file must be what composes. */
const root = join(import.meta.dirname, '../../..');
const target = join(root, 'gateway/supergraph.graphql');
const isCheck = process.argv.includes('--check');

const names = readdirSync(join(root, 'subgraphs')).sort();
const result = compose(
  names.map((name) => ({
    name,
    url: `http://localhost:${subgraphPorts[name] ?? 0}/graphql`,
    sdl: readFileSync(join(root, 'subgraphs', name, 'schema.graphql'), 'utf8'),
  })),
);

if ('errors' in result) {
  process.stderr.write(`The subgraphs do not compose:\n${result.errors.map((error) => `  ${error}`).join('\n')}\n`);
  process.exitCode = 1;
} else {
  for (const hint of result.hints) process.stderr.write(`hint: ${hint}\n`);
  if (!isCheck) writeFileSync(target, result.supergraph);
  else if (readFileSync(target, 'utf8') !== result.supergraph) {
    process.stderr.write(
      'gateway/supergraph.graphql is not what the committed subgraph schemas compose to: run `npm run compose` and commit it.\n',
    );
    process.exitCode = 1;
  }
  process.stdout.write(`${names.length} subgraphs compose.\n`);
}
