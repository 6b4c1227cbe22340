import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, startBrowser } from '../testing/browser.ts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphSource } from '../testing/test-subgraph.ts';

const executable = findBrowser(process.env);
/** Set to keep pictures of each state. */
const pictures = process.env['SCREENSHOTS'];

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])';

/** Accounts that can be signed in to, and orders behind them. */
function subgraphs(issuer: TestIssuer): Record<string, SubgraphSource> {
  return {
    accounts: {
      sdl: `${LINK}
        type Query { "Who asks." me: Account @authenticated  hello: String }
        type Mutation { sessionCreate(input: SessionInput!): SessionPayload }
        input SessionInput { email: String! password: String! }
        type SessionPayload { accessToken: String userErrors: [UserError!]! }
        type UserError { message: String! }
        type Account @key(fields: "id") { id: ID! email: String }`,
      resolvers: {
        Query: { me: () => ({ id: 'usr_1', email: 'customer@example.com' }), hello: () => 'world' },
        Mutation: {
          sessionCreate: async (_: unknown, { input }: { input: { email: string; password: string } }) =>
            input.password === 'demo' && input.email.startsWith('customer')
              ? { accessToken: await issuer.token(['CUSTOMER']), userErrors: [] }
              : { accessToken: null, userErrors: [{ message: 'Wrong e-mail or password.' }] },
        },
      },
    },
    orders: {
      sdl: `${LINK} type Account @key(fields: "id") { id: ID! orders: [Order!] } type Order { number: String broken: String }`,
      resolvers: {
        Account: { __resolveReference: (reference: unknown) => reference, orders: () => [{ number: 'A-1' }, { number: 'A-2' }] },
        Order: {
          broken: () => {
            throw new Error('out of order');
          },
        },
      },
    },
  };
}

// Which of the two stands in the report says whether the page was tried.
if (executable === undefined)
  test('this machine has no Chromium: the page is not tried in a browser here (set CHROMIUM to its path)', () => {
    expect(findBrowser(process.env)).toBeUndefined();
  });
else describe('in a browser', () => inBrowser(executable));

function inBrowser(executablePath: string): void {
  let issuer: TestIssuer;
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    issuer = await startTestIssuer();
    gateway = await startTestGateway(subgraphs(issuer), {
      NODE_ENV: 'development',
      ISSUERS: issuer.config,
      DEMO_LOGINS: 'customer@example.com,admin@example.com',
      DEMO_PASSWORD: 'demo',
    });
    browser = await startBrowser(executablePath);
    page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(gateway.gateway.url).origin && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(new URL('/graphiql', gateway.gateway.url).href);
    await page.waitForSelector('.graphiql-query-editor .CodeMirror');
  });
  afterAll(async () => {
    await browser.close();
    await gateway[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  /** Types an operation; GraphiQL takes a moment to see its name. */
  async function type(query: string): Promise<string> {
    const name = query.split(' ')[1] ?? '';
    await page.click('.graphiql-query-editor .CodeMirror');
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(query);
    const seen = () => page.evaluate("document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.operationName");
    await expect.poll(seen, { timeout: 20_000 }).toBe(name);
    return name;
  }

  /** Runs an operation and reads the answer as the page shows it. */
  async function run(query: string): Promise<string> {
    const name = await type(query);
    await page.click('.graphiql-execute-button');
    await page.locator('#summary', { hasText: `${name}:` }).waitFor();
    return page.evaluate<string>("document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()");
  }
  const texts = (selector: string) => page.locator(selector).allTextContents();
  const picture = async (name: string) => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };

  test('the page loads from this host alone, with its documentation', async () => {
    expect(await texts('#logins option')).toEqual(['nobody', 'customer@example.com', 'admin@example.com']);
    await page.click('button[aria-label="Show Documentation Explorer"]');
    await page.click('.graphiql-doc-explorer-content a:has-text("Query")');
    expect(await page.textContent('.graphiql-doc-explorer-content')).toContain('Who asks.');
    await picture('documentation');
    await page.click('button[aria-label="Hide Documentation Explorer"]');
    expect(foreign).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('who is not signed in sees what was denied', async () => {
    expect(await run('query Denied { hello me { email } }')).toContain('UNAUTHORIZED_FIELD_OR_TYPE');
    expect(await page.textContent('#summary')).toMatch(/1 call of subgraphs\. 1 × UNAUTHORIZED_FIELD_OR_TYPE at me\./);
    await picture('denied');
    expect(JSON.parse(await run('query Nothing { me { email } }'))).toMatchObject({ data: { me: null } });
    expect(await page.textContent('#summary')).toContain('0 calls of subgraphs');
  });

  test('a wrong login is told, a right one asks as that person', async () => {
    await page.selectOption('#logins', 'admin@example.com');
    await page.waitForSelector('#who.failed');
    expect(await page.textContent('#who')).toBe('not signed in: Wrong e-mail or password.');
    await picture('login-refused');
    await page.selectOption('#logins', 'customer@example.com');
    await page.locator('#who', { hasText: /^signed in$/ }).waitFor();
    const answer = await run('query Mine { me { email orders { number } } }');
    expect(JSON.parse(answer)).toEqual({ data: { me: { email: 'customer@example.com', orders: [{ number: 'A-1' }, { number: 'A-2' }] } } });
  });

  test('each call shows where it went, for what and how long, and what it asked; the plan is there to unfold', async () => {
    expect(await texts('#calls tbody tr:not([hidden]) td:nth-child(-n+4)')).toEqual([
      'accounts',
      'the root',
      '',
      'asked',
      'orders',
      'me',
      '1',
      'asked',
    ]);
    await page.click('#calls button.call >> nth=1');
    expect(await page.textContent('#calls tbody tr:nth-child(4) pre')).toMatch(
      /\{\n {2}_entities\(.*\) \{\n {4}\.\.\.on Account \{\n {6}orders \{\n {8}number\n {6}\}\n/,
    );
    await page.click('#plan summary');
    expect(await page.textContent('#plan pre')).toMatch(/^QueryPlan \{\s+Sequence/);
    await picture('plan');
  });

  test('a subgraph that fails is red, and its errors are counted', async () => {
    expect(await run('query Broken { me { orders { broken } } }')).toContain('"broken": null');
    expect(await page.textContent('#summary')).toMatch(/2 × .* at me\.orders\.0\.broken, me\.orders\.1\.broken\./);
    expect(await texts('#calls td.failed')).toEqual(['errors']);
    await picture('error');
  });

  test('without the box nothing is asked for and nothing shown', async () => {
    await page.uncheck('#inspects');
    expect(await page.isVisible('#inspector')).toBe(false);
    await type('query Quiet { hello }');
    const asked = page.waitForRequest((request) => (request.postData() ?? '').includes('Quiet'));
    await page.click('.graphiql-execute-button');
    expect((await asked).headers()).not.toHaveProperty('x-gateway-inspect');
    await page.reload();
    expect(await page.isChecked('#inspects')).toBe(false);
    expect(faults).toEqual([]);
  });
}
