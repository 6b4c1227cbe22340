import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Who can be logged in as in the demo data, all with one password. */
export interface DemoLogins {
  readonly password: string;
  readonly emails: readonly string[];
}

/** The seeds own the logins; without them there is nothing to log in as. */
export async function demoLogins(root: string): Promise<DemoLogins | undefined> {
  try {
    const file = pathToFileURL(join(root, 'prisma', 'seed', 'people', 'demo-logins.ts')).href;
    const module = (await import(file)) as { DEMO_PASSWORD: string; demoLogins: readonly { email: string }[] };
    return { password: module.DEMO_PASSWORD, emails: module.demoLogins.map(({ email }) => email) };
  } catch {
    return undefined;
  }
}
