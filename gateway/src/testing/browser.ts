import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine: `CHROMIUM`, or where distributions install it; undefined when there is none. */
export function findBrowser(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env['CHROMIUM'], ...PLACES].find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** Starts it without a window and without calls of its own. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'] });
}
