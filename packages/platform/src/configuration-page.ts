import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvShape, envTable } from '@app/config';
import { platformShape } from './config.ts';
import { listServices } from './service-list.ts';
import { listSubgraphs } from './subgraph-list.ts';

/** Processes with variables, in the order of the page: title, and the module with their `configShape`. */
const processesOf = (root: string): [title: string, file: string][] => [
  ['gateway', 'gateway/src/config.ts'],
  ...listSubgraphs(root).map(({ name }): [string, string] => [name, `subgraphs/${name}/src/config.ts`]),
  ...listServices(root).map(({ name }): [string, string] => [name, `services/${name}/src/config.ts`]),
  ['registry (`npm run registry`)', 'services/registry/src/config.ts'],
];

const intro = `# Configuration

Every environment variable of every process, made from the code by \`npm run docs:config\` and held to it by a test. A wrong value stops the start with a message that names the variable, what it was and what is allowed. \`npm start\` sets what the processes need of each other; in a deployment you do.
`;

/** The page of all environment variables, as it should stand in docs/configuration.md. */
export async function configurationPage(root: string): Promise<string> {
  const section = (title: string, shape: EnvShape): string => `\n## ${title}\n\n${envTable(shape)}\n`;
  const sections = await Promise.all(
    processesOf(root).map(async ([title, file]) => {
      const module = (await import(join(root, file))) as { configShape?: EnvShape };
      return section(title, module.configShape ?? {});
    }),
  );
  return [intro, section('The platform (`npm start`)', platformShape([...listSubgraphs(root), ...listServices(root)])), ...sections].join(
    '',
  );
}

/** Where the page stands. */
export const configurationFile = (root: string): string => join(root, 'docs', 'configuration.md');

/** Writes the page. */
export async function writeConfigurationPage(root: string): Promise<void> {
  writeFileSync(configurationFile(root), await configurationPage(root));
}

/** The page as it is committed. */
export function committedPage(root: string): string {
  return readFileSync(configurationFile(root), 'utf8');
}
