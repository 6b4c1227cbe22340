import { existsSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { readApprovals } from './approvals.ts';
import { readBudgets } from './budgets.ts';
import { changeOf } from './change-of.ts';
import { findChanges } from './changes.ts';
import { chooseStore } from './choose-store.ts';
import { runDocs, runExplain } from './cli-look.ts';
import { type CommandLine, isArgumentError, parseCommandLine, usage } from './cli-options.ts';
import { apiSchemaOf, compose } from './compose.ts';
import type { RoleScopes } from './explain.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { readGraph, readText, UsageError, writeText } from './graph.ts';
import { RegistryUnavailableError } from './http-store.ts';
import { readManifest } from './operation-manifest.ts';
import { usesOf } from './operation-use.ts';
import { readOperations } from './operations.ts';
import type { RegistryStore } from './registry-store.ts';
import { formatReport, type ReportFormat, reportFormats } from './report.ts';
import type { UsageFilter } from './usage-filter.ts';

/** Where a command writes, and what time it is. */
export interface CliSurroundings {
  readonly write: (text: string) => void;
  /** Told what is not part of the answer; the same as `write` by default. */
  readonly warn?: (text: string) => void;
  readonly now: () => Date;
  /** Variables such as SCHEMA_REGISTRY_URL; none by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Scopes by role, for explain. */
  readonly roles?: RoleScopes;
  /** Told what a long command is doing. */
  readonly progress?: (step: string) => void;
}

type Command = (call: Call) => number | Promise<number>;
type Values = CommandLine['values'];

/** One call of a command: exit codes are 0 (fine) and 1 (findings that must not be merged, or wrong usage). */
interface Call extends CliSurroundings {
  readonly values: Values;
  readonly rest: readonly string[];
  readonly store: RegistryStore;
  /** The registry folder of the repository. */
  readonly folder: string;
  readonly report: (findings: readonly Finding[]) => number;
}

const commands: Readonly<Record<string, Command>> = {
  compose: runCompose,
  check: runCheck,
  diff: runDiff,
  docs: runDocs,
  explain: runExplain,
  publish: runPublish,
  fetch: runFetch,
  history: runHistory,
  rollback: runRollback,
  operations: runOperations,
};

/** Words that a command takes after its name; none when it is not here. */
const words: Readonly<Record<string, number>> = { diff: 2, explain: 1, rollback: 1, operations: 2 };

/** Runs one command line. Returns the exit code; whatever is wrong with the call is said, with what to do. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  try {
    const { values, positionals } = parseCommandLine(args);
    const [name = '', ...rest] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help || !command) {
      surroundings.write(command || values.help ? usage : `Unknown command "${name}".\n\n${usage}`);
      return values.help ? 0 : 1;
    }
    const [extra] = rest.slice(words[name] ?? 0);
    if (extra !== undefined) throw new UsageError(`${name} does not take "${extra}"${wayOutOf(name, extra)}.`);
    return await runOnStore(command, { ...surroundings, values, rest });
  } catch (error) {
    if (!(error instanceof UsageError) && !isArgumentError(error)) throw error;
    surroundings.write(`${error.message}\n`);
    return 1;
  }
}

/**
 * Runs a command on the store that was chosen; when that is the service and it cannot be asked, on the folder, which the report then says first.
 * What writes does not go elsewhere: whoever publishes to the service would not notice that gateways never get it.
 */
async function runOnStore(command: Command, call: Omit<Call, 'store' | 'folder' | 'report'>): Promise<number> {
  const { values, rest, write, warn = write, now, env = {} } = call;
  const format = formatOf(values.format);
  const reportAfter =
    (notices: readonly Finding[]) =>
    (findings: readonly Finding[]): number => {
      write(formatReport([...notices, ...findings], format));
      return hasErrors(findings) ? 1 : 0;
    };
  const { store, folder, fallback } = chooseStore({ ...values, env, now });
  try {
    return await command({ ...call, store, folder, report: reportAfter([]) });
  } catch (error) {
    if (!(error instanceof RegistryUnavailableError) || !fallback) throw error;
    if (isWriting(command, rest))
      throw new UsageError(`${error.message}\nNothing was written elsewhere: run it again once the registry answers.`);
    const message = `${error.message}. The folder ${folder} is used instead.`;
    if (values.format === 'text') warn(`WARNING ${message}\n`);
    const wayOut = 'Run it again once the registry answers: the folder may be behind it.';
    const notice: Finding = { severity: 'warning', code: 'REGISTRY_UNAVAILABLE', message, wayOut };
    return command({ ...call, store: fallback, folder, report: reportAfter(values.format === 'text' ? [] : [notice]) });
  }
}

function wayOutOf(command: string, extra: string): string {
  return command === 'publish' || command === 'check' ? `: to ${command} one subgraph, give --subgraph ${extra}` : ': see --help';
}

function isWriting(command: Command, [verb]: readonly string[]): boolean {
  return command === runPublish || command === runRollback || (command === runOperations && verb === 'push');
}

function formatOf(text: string): ReportFormat {
  const format = reportFormats.find((name) => name === text);
  if (!format) throw new UsageError(`--format is ${text}: allowed is ${reportFormats.join(', ')}.`);
  return format;
}

function runCompose({ values, report }: Call): number {
  const { out, check } = values;
  if (check && out === undefined) throw new UsageError('--check holds a file to what the subgraphs compose to: give --out FILE.');
  const { supergraph, findings } = compose(readGraph(values.config));
  if (supergraph === null || out === undefined) return report(findings);
  if (check && (!existsSync(out) || readText(out) !== supergraph)) return report([outdated(out), ...findings]);
  if (!check) writeText(out, supergraph);
  return report(findings);
}

function outdated(file: string): Finding {
  const message = `${file} is not what the subgraphs compose to: run compose without --check and commit it.`;
  return { severity: 'error', code: 'SUPERGRAPH_OUTDATED', message, place: { file, line: 1, column: 1 } };
}

async function runCheck({ values, store, folder, report, now, progress }: Call): Promise<number> {
  const approvals = readApprovals(fileOf(values.approvals, `${folder}/approvals.yaml`));
  const budgets = readBudgets(fileOf(values.budgets, `${folder}/budgets.yaml`));
  const { changed, removed, notices } = await changeOf({ ...values, store });
  const findings = await store.check({ changed, removed, approvals, budgets, usage: usageOf(values), today: now(), onProgress: progress });
  return report([...findings, ...notices]);
}

/** One that was named must be there; the usual one need not. */
function fileOf(named: string | undefined, usual: string): string {
  if (named !== undefined) readText(named);
  return named ?? usual;
}

function usageOf({ window, 'min-requests': minRequests, 'exclude-client': excludedClients = [] }: Values): UsageFilter {
  return { ...count('days', '--window', window), ...count('minRequests', '--min-requests', minRequests), excludedClients };
}

function count(name: 'days' | 'minRequests', option: string, text: string | undefined): UsageFilter {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`${option} is ${text}: allowed is a whole number from 1.`);
  return { [name]: Number(text) };
}

async function runDiff({ rest: [from, to], values, store, report }: Call): Promise<number> {
  if (from === undefined || to === undefined) throw new UsageError('Give two supergraph files: diff OLD NEW.');
  const [before, after] = [readApiSchema(from), readApiSchema(to)];
  const uses = usesOf(await store.operations(usageOf(values)), before);
  const changes = await findChanges({ from: before, to: after, uses });
  return report(sortFindings(changes));
}

function readApiSchema(file: string): GraphQLSchema {
  const sdl = readText(file);
  try {
    return apiSchemaOf(sdl);
  } catch (cause) {
    throw new UsageError(`${file} is no supergraph: ${(cause as Error).message}`);
  }
}

async function runPublish({ values, store, report, write, now }: Call): Promise<number> {
  const { changed, removed, notices } = await changeOf({ ...values, store });
  const { version, isNew, findings } = await store.publish(changed, { by: values.by, message: values.message, now: now(), removed });
  const code = report([...findings, ...notices]);
  if (version && values.format === 'text')
    write(isNew ? `Published version ${version.number}.\n` : `Nothing to publish: version ${version.number} has these schemas.\n`);
  return code;
}

async function runFetch({ values, store, write }: Call): Promise<number> {
  write(await store.supergraph(await store.version(values.version === undefined ? undefined : versionNumber(values.version))));
  return 0;
}

async function runHistory({ store, write }: Call): Promise<number> {
  for (const { number, publishedAt, by, message, subgraphs } of await store.history())
    write(`${number}  ${publishedAt}  ${by}  ${Object.keys(subgraphs).join(', ')}  ${message}\n`);
  return 0;
}

async function runRollback({ rest: [number = ''], values, store, write, now }: Call): Promise<number> {
  const old = versionNumber(number);
  const version = await store.rollback(old, { by: values.by, message: values.message || `rollback to ${old}`, now: now() });
  write(`Published version ${version.number}, the same as version ${old}.\n`);
  return 0;
}

async function runOperations({ rest: [verb, folder], values, store, write }: Call): Promise<number> {
  if (verb === 'list') {
    for (const { name, clients, hash } of await store.operations(usageOf(values)))
      write(`${name}  ${hash.slice(0, 12)}  ${clients.join(', ')}\n`);
    return 0;
  }
  if (verb !== 'push' || folder === undefined) throw new UsageError('Use "operations push FOLDER" or "operations list".');
  const operations = folder.endsWith('.json') ? readManifest(folder, values.client) : readOperations(folder, values.client);
  write(`${await store.pushOperations(operations)} of ${operations.length} operations are new.\n`);
  return 0;
}

function versionNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`"${text}" is not the number of a version: see history.`);
  return Number(text);
}
