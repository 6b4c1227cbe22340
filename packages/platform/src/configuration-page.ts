import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvShape, envTable } from '@app/config';

/** Processes with variables, in the order of the page: title, what they are, and the module with their shape. */
const processes = [
  ['The platform (`npm start`)', 'packages/platform/src/config.ts', 'platformShape'],
  ['gateway', 'gateway/src/config.ts', 'configShape'],
  ['accounts', 'subgraphs/accounts/src/config.ts', 'configShape'],
  ['products', 'subgraphs/products/src/config.ts', 'configShape'],
  ['reviews', 'subgraphs/reviews/src/config.ts', 'configShape'],
  ['orders', 'subgraphs/orders/src/config.ts', 'configShape'],
] as const;

const intro = `# Configuration

Every environment variable of every process, made from the code by \`npm run docs:config\` and held to it by a test. A wrong value stops the start with a message that names the variable, what it was and what is allowed. \`npm start\` sets what the processes need of each other; in a deployment you do.
`;

/** The page of all environment variables, as it should stand in docs/configuration.md. */
export async function configurationPage(root: string): Promise<string> {
  const sections = await Promise.all(
    processes.map(async ([title, file, name]) => {
      const module = (await import(join(root, file))) as Record<string, EnvShape | undefined>;
      return `\n## ${title}\n\n${envTable(module[name] ?? {})}\n`;
    }),
  );
  return `${intro}${sections.join('')}`;
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
