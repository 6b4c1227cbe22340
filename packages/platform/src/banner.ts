import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunningSupergraph } from './supergraph.ts';

const FIRST_QUERY = `{
  products(first: 3) {
    nodes { title reviews(first: 1) { nodes { title rating author { displayName } } } }
  }
}`;

/** What to print once everything runs: addresses, demo logins and a first query to paste. */
export async function banner(running: RunningSupergraph, root: string): Promise<string> {
  const logins = await demoLogins(root);
  const lines = [
    '',
    `  Gateway     ${running.gatewayUrl}   (open it in a browser)`,
    ...Object.entries(running.subgraphUrls).map(([name, url]) => `  ${name.padEnd(10)}  ${url}`),
    ...(running.processes().some(({ name }) => name === 'mailbox') ? [`  Mails       ${running.mailboxUrl}`] : []),
    '',
    ...(logins === undefined ? [] : [`  Demo logins, password ${logins.password}:`, ...logins.emails.map((email) => `    ${email}`), '']),
    '  A first query:',
    ...FIRST_QUERY.split('\n').map((line) => `    ${line}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

interface DemoLogins {
  readonly password: string;
  readonly emails: readonly string[];
}

/** The seeds own the logins; without them there is nothing to log in as. */
async function demoLogins(root: string): Promise<DemoLogins | undefined> {
  try {
    const file = pathToFileURL(join(root, 'prisma', 'seed', 'people', 'demo-logins.ts')).href;
    const module = (await import(file)) as { DEMO_PASSWORD: string; demoLogins: readonly { email: string }[] };
    return { password: module.DEMO_PASSWORD, emails: module.demoLogins.map(({ email }) => email) };
  } catch {
    return undefined;
  }
}
