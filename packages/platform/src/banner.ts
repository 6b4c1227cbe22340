import { demoLogins } from './demo-logins.ts';
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
    ...(running.processes().some(({ name }) => name === 'jobs') ? [`  Jobs        ${running.jobsUrl}`] : []),
    '',
    ...(logins === undefined ? [] : [`  Demo logins, password ${logins.password}:`, ...logins.emails.map((email) => `    ${email}`), '']),
    '  A first query:',
    ...FIRST_QUERY.split('\n').map((line) => `    ${line}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}
