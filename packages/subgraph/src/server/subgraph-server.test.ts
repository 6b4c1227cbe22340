import { InternalSigner, type Principal, userPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { createLogger, Readiness } from '@app/observability';
import { Arg, type ClassType, Ctx, Directive, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  buildFederatedSchema,
  connectionType,
  Image,
  MoneyType,
  Node,
  notFound,
  PostalAddress,
  type SubgraphSchema,
  type SubgraphServer,
  startSubgraphServer,
  toPayload,
  UserError,
  UserFault,
} from '../index.ts';

const key = 'k'.repeat(32);
const signer = new InternalSigner('things', key, 'gateway');
const lines: string[] = [];

@Directive('@key(fields: "id")')
@ObjectType('Thing', { implements: Node, description: 'A thing.' })
class Thing extends Node {
  @Field(() => MoneyType, { description: 'Price.' })
  price!: MoneyType;

  @Field(() => Image, { description: 'Picture.' })
  image!: Image;
}

const { Connection } = connectionType('Thing', () => Thing as ClassType<Thing>, {
  items: 'things',
  totalCount: 'optional',
  totalCountCost: 5,
});
const { Connection: Bare } = connectionType('Bare', () => Thing as ClassType<Thing>, { items: 'bare things', totalCount: 'none' });

@ObjectType('ThingPayload', { description: 'What came of it.' })
class ThingPayload {
  @Field(() => Thing, { nullable: true, description: 'The thing.' })
  thing!: Thing | null;

  @Field(() => [UserError], { description: 'What is wrong.' })
  userErrors!: UserError[];
}

const thing = (id: string): Thing =>
  Object.assign(new Thing(), {
    id,
    price: MoneyType.of({ minor: 1290, currency: 'EUR' }),
    image: Image.of({ source: 'http://images.test/a.svg', alt: null, width: 10, height: 10 }),
  });

@Resolver()
class ThingResolver {
  @Query(() => String, { description: 'Who asks.' })
  whoami(@Ctx() { principal }: { principal: Principal }): string {
    return principal.kind === 'user' ? principal.id : principal.kind;
  }

  @Query(() => Connection, { description: 'Things.' })
  things() {
    return {
      edges: [],
      nodes: [thing('thg_1')],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      count: () => Promise.resolve(1),
    };
  }

  @Query(() => Bare, { nullable: true, description: 'Things without a total.' })
  bare() {
    return null;
  }

  @Query(() => PostalAddress, { nullable: true, description: 'Fails.' })
  broken(@Arg('how', () => String, { description: 'How.' }) how: string): PostalAddress {
    if (how === 'known') throw new AppError('FORBIDDEN', 'Not you.', { cause: new Error('why') });
    throw new Error('connect ECONNREFUSED 10.0.0.1 password=hunter2');
  }

  @Mutation(() => ThingPayload, { description: 'Changes it.' })
  thingChange(@Arg('id', () => ID, { description: 'Which.' }) id: string) {
    return toPayload(
      () => {
        if (id === 'fault') throw new Error('down');
        if (id !== 'thg_1') throw new UserFault(notFound('thing', id));
        return Promise.resolve({ thing: thing(id) });
      },
      { thing: null },
    );
  }
}

let built: SubgraphSchema;
let server: SubgraphServer;

beforeAll(async () => {
  built = await buildFederatedSchema<{ principal: Principal }>({
    resolvers: [ThingResolver],
    references: { Thing: (reference) => (reference['id'] === 'thg_1' ? thing('thg_1') : null) },
  });
  const readiness = new Readiness();
  readiness.ready();
  server = await startSubgraphServer(
    {
      name: 'things',
      schema: built.schema,
      internalKey: key,
      context: (call) => call,
      logger: createLogger({ service: 'things', destination: { write: (line: string) => void lines.push(line) } }),
      readiness,
      maxBodyBytes: 10_000,
      routes: {
        '/public': (_request, response) => void response.end('ok'),
        '/files/*': (request, response) => void response.end(request.url),
      },
    },
    0,
  );
});
afterAll(() => server.close());

interface Answer {
  status: number;
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

async function send(body: string, headers: Record<string, string>, path = '/graphql', method = 'POST'): Promise<Answer> {
  const response = await fetch(`http://localhost:${server.port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

function ask(query: string, principal: Principal = { kind: 'anonymous' }): Promise<Answer> {
  const body = JSON.stringify({ query });
  return send(body, signer.sign(principal, body));
}

test('the SDL imports what it uses from federation and describes everything', () => {
  expect(built.sdl).toContain(
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@inaccessible", "@key", "@shareable"])',
  );
  expect(built.sdl).toContain('totalCount: Int @cost(weight: 5)');
  expect(built.sdl).not.toMatch(/type BareConnection \{[^}]*totalCount/);
  expect(built.sdl).toContain('type InputError implements UserError @shareable');
});

test('a signed request is answered in the name of its principal', async () => {
  expect((await ask('{ whoami }')).data).toEqual({ whoami: 'anonymous' });
  expect((await ask('{ whoami }', userPrincipal('usr_1', 'ses_1', []))).data).toEqual({ whoami: 'usr_1' });
});

test('values of shared types are written as their contract says', async () => {
  const { data } = await ask(
    '{ things { totalCount nodes { price { minor currency decimal } image { url(width: 5, height: 6, format: WEBP) plain: url } } } }',
  );
  expect(data).toEqual({
    things: {
      totalCount: 1,
      nodes: [
        {
          price: { minor: 1290, currency: 'EUR', decimal: '12.90' },
          image: { url: 'http://images.test/a.svg?w=5&h=6&format=webp', plain: 'http://images.test/a.svg' },
        },
      ],
    },
  });
});

test('entities that are missing are null and do not fail the others', async () => {
  const { data, errors } = await ask(
    '{ _entities(representations: [{__typename: "Thing", id: "thg_1"}, {__typename: "Thing", id: "x"}]) { ... on Thing { id } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ _entities: [{ id: 'thg_1' }, null] });
});

test('an expected failure is data', async () => {
  const { data } = await ask('mutation { thingChange(id: "x") { thing { id } userErrors { __typename code path } } }');
  expect(data).toEqual({ thingChange: { thing: null, userErrors: [{ __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['id'] }] } });
  expect((await ask('mutation { thingChange(id: "thg_1") { thing { id } userErrors { code } } }')).data).toEqual({
    thingChange: { thing: { id: 'thg_1' }, userErrors: [] },
  });
});

test('an unexpected failure is masked, and logged with its cause', async () => {
  const { errors } = await ask('{ broken(how: "x") { city } }');
  expect(JSON.stringify(errors)).not.toContain('hunter2');
  expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', retryable: true });
  expect(lines.join()).toContain('ECONNREFUSED');
  expect((await ask('mutation { thingChange(id: "fault") { userErrors { code } } }')).errors?.[0]?.extensions['code']).toBe('INTERNAL');
  expect((await ask('{ broken(how: "known") { city } }')).errors?.[0]).toMatchObject({
    message: 'Not you.',
    extensions: { code: 'FORBIDDEN' },
  });
  expect((await ask('{ nope }')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
});

test.each([
  ['unsigned', '{"query":"{ whoami }"}', {}, 401],
  ['signed for another body', '{"query":"{ whoami }"}', signer.sign({ kind: 'anonymous' }, 'other'), 401],
  ['not JSON', '{', signer.sign({ kind: 'anonymous' }, '{'), 400],
  ['too large', 'x'.repeat(20_000), {}, 413],
])('%s is refused', async (_name, body, headers, status) => {
  expect(await send(body, headers)).toMatchObject({ status, errors: [{ extensions: { code: expect.any(String) } }] });
});

test('paths and methods that are not there are refused in JSON; public routes and health answer', async () => {
  expect((await send('', {}, '/nope')).status).toBe(404);
  expect((await send('', {}, '/graphql', 'GET')).status).toBe(405);
  expect(await (await fetch(`http://localhost:${server.port}/public`)).text()).toBe('ok');
  expect(await (await fetch(`http://localhost:${server.port}/files/a?b`)).text()).toBe('/files/a?b');
  expect((await fetch(`http://localhost:${server.port}/readyz`)).status).toBe(200);
});

test('a taken port is an error, and closing twice is fine', async () => {
  await expect(
    startSubgraphServer(
      {
        name: 'x',
        schema: built.schema,
        internalKey: key,
        context: (call) => call,
        logger: createLogger({ service: 'x', level: 'silent' }),
        readiness: new Readiness(),
      },
      server.port,
    ),
  ).rejects.toThrow('EADDRINUSE');
  const other = await startSubgraphServer(
    {
      name: 'x',
      schema: built.schema,
      internalKey: key,
      context: (call) => call,
      logger: createLogger({ service: 'x', level: 'silent' }),
      readiness: new Readiness(),
    },
    0,
  );
  await Promise.all([other.close(), other.close()]);
});

test('a signed request that asks for it gets a trace of its resolvers (ftv1), without messages of errors; others get none', async () => {
  const traced = async (query: string, headers: Record<string, string>) => {
    const body = JSON.stringify({ query });
    const { extensions } = (await send(body, { ...signer.sign({ kind: 'anonymous' }, body), ...headers })) as {
      extensions?: { ftv1?: string };
    };
    return extensions?.ftv1 === undefined ? undefined : Buffer.from(extensions.ftv1, 'base64').toString('latin1');
  };
  const asks = { 'apollo-federation-include-trace': 'ftv1' };
  expect(await traced('{ whoami }', asks)).toContain('whoami');
  const failed = await traced('{ broken(how: "other") { city } }', asks);
  expect(failed).toContain('<masked>');
  expect(failed).not.toContain('hunter2');
  expect(await traced('{ whoami }', {})).toBeUndefined();
  const unsigned = await send(JSON.stringify({ query: '{ whoami }' }), asks);
  expect([unsigned.status, JSON.stringify(unsigned)]).toEqual([401, expect.not.stringContaining('ftv1')]);
});
