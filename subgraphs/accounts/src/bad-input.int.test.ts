import { type GraphQLArgument, getNamedType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildAccountsSchema } from './schema.ts';
import { AccountsKit, type Answer, type Person } from './testing/accounts-kit.ts';

const { schema } = await buildAccountsSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

let kit: AccountsKit;
let person: Person;
let admin: Person;
beforeAll(async () => {
  kit = await AccountsKit.start();
  person = await kit.person('person');
  admin = await kit.person('admin', 'ADMIN');
});
afterAll(() => kit[Symbol.asyncDispose]());

type Path = readonly string[];

/** Every place of a mutation where a client may put a value, down into its inputs. */
function places(args: readonly GraphQLArgument[]): Path[] {
  return args.flatMap((argument) => inside([argument.name], argument.type));
}

function inside(path: Path, type: GraphQLArgument['type']): Path[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [path];
  return [path, ...Object.values(named.getFields()).flatMap((field) => inside([...path, field.name], field.type))];
}

const ids = ['adr', 'ses', 'usr', 'mfc', 'lid'].map((prefix) => `${prefix}_${'0'.repeat(32)}`);
const bad: readonly [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['blank', '   '],
  ['too long', 'x'.repeat(100_000)],
  ['a number', 12],
  ['a list', ['x']],
  ['an object', { a: 1 }],
  ['a truth', true],
  ['U+0000', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800b'],
  ['__proto__', '__proto__'],
  ['injection', "'; DROP TABLE account; --"],
  ['below the range', -1],
  ['above the range', 2 ** 60],
  ...ids.map((id): [string, unknown] => [`no such ${id.slice(0, 3)}`, id]),
];

/** No argument takes these: an answer that does not blame the very place means that a check is missing, or hidden by another. */
const neverGood = ['too long', 'a list', 'an object', 'U+0000', 'a lone surrogate'];

/** Looked at only once another is good, for which a provider would have to run: that other one is blamed. */
const judgedAfter: Readonly<Record<string, string>> = { 'input.redirectUri': 'input.provider', 'input.callbackUrl': 'input.loginId' };

/** A good value of every input, so that only one place is bad at a time. */
function good(type: GraphQLArgument['type'], name: string): unknown {
  const named = getNamedType(type);
  if (isInputObjectType(named))
    return Object.fromEntries(Object.values(named.getFields()).map((field) => [field.name, good(field.type, field.name)]));
  const bare = isNonNullType(type) ? type.ofType : type;
  const values: Record<string, unknown> = {
    email: 'good@example.com',
    password: 'a good password',
    current: 'a good password',
    next: 'a good password',
    locale: 'de',
    preferredCurrency: 'EUR',
    countryCode: 'DE',
    phone: '+49301234567',
    defaultShipping: true,
    defaultBilling: true,
  };
  const value = named.name === 'Role' ? 'SUPPORT' : (values[name] ?? 'good');
  return isListType(bare) ? [value] : value;
}

function put(variables: Record<string, unknown>, path: Path, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const inner = variables[name];
  return {
    ...variables,
    [name]: rest.length === 0 ? value : put(typeof inner === 'object' && inner !== null ? { ...inner } : {}, rest, value),
  };
}

/** Personal rows before and after: what fails leaves nothing behind. */
async function rows(): Promise<string> {
  const [accounts, addresses, audit] = await Promise.all([
    kit.db.account.findMany({ orderBy: { id: 'asc' } }),
    kit.db.address.count(),
    kit.db.auditEntry.count(),
  ]);
  return JSON.stringify([accounts, addresses, audit]);
}

const outcomes = ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'UNAUTHENTICATED', 'FORBIDDEN', 'BAD_REQUEST'];

/** What is wrong with an answer to bad input; undefined when it is as it should be. */
function complaint(place: string, what: string, { status, data, errors }: Answer): string | undefined {
  const unknown = errors?.find(({ extensions }) => !outcomes.includes(extensions.code));
  if (status >= 500 || unknown) return `${status} ${JSON.stringify(unknown)}`;
  const payload = Object.values(data ?? {})[0] as { userErrors?: UserErrorAnswer[] } | undefined;
  if (errors || !payload) return undefined;
  const found = payload.userErrors ?? [];
  if (neverGood.includes(what) && !found.some((error) => [place, judgedAfter[place]].includes(error.path?.join('.'))))
    return `not blamed in ${JSON.stringify(found)}`;
  return found.every(({ code, message }) => /^[A-Z_]+$/.test(code) && message.length > 5) ? undefined : JSON.stringify(found);
}

interface UserErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
}

test.each(mutations.map((field) => [field.name, field] as const))(
  '%s answers every bad value of every argument with a typed error',
  async (name, field) => {
    const declared = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
    const passed = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
    const selection = 'userErrors { __typename code message path }';
    const query =
      field.args.length === 0 ? `mutation { ${name} { ${selection} } }` : `mutation (${declared}) { ${name}(${passed}) { ${selection} } }`;
    const base = Object.fromEntries(field.args.map((argument) => [argument.name, good(argument.type, argument.name)]));
    const complaints: string[] = [];
    for (const path of places(field.args)) {
      for (const [what, value] of bad) {
        await kit.redis?.flushdb();
        const answers = await Promise.all([{}, person, admin].map((from) => kit.ask(query, put(base, path, value), from)));
        for (const answer of answers) {
          const found = complaint(path.join('.'), what, answer);
          if (found) complaints.push(`${path.join('.')} ${what}: ${found}`);
        }
      }
    }
    expect(complaints).toEqual([]);
    expect(kit.log.filter((line) => line.includes('unexpected error'))).toEqual([]);
  },
);

test.each(['addressCreate', 'profileUpdate', 'passwordChange', 'accountSuspend'])(
  '%s writes nothing when an argument is bad',
  async (name) => {
    const inputs: Record<string, string> = {
      addressCreate: 'input: { postal: { name: "a", line1: "a", city: "\\u0000", countryCode: "DE" } }',
      profileUpdate: 'input: { displayName: "fine", givenName: "\\u0000" }',
      passwordChange: 'input: { current: "correct horse battery staple", next: "short" }',
      accountSuspend: `id: "${person.id}", reason: " "`,
    };
    const before = await rows();
    const answer = await kit.mutate(`mutation { ${name}(${inputs[name]}) { userErrors { code path } } }`, {}, admin);
    expect(answer['userErrors']).toHaveLength(1);
    expect(await rows()).toBe(before);
  },
);
