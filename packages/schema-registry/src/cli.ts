import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readApprovals } from './approvals.ts';
import { readBudgets } from './budgets.ts';
import { findChanges } from './changes.ts';
import { check } from './check.ts';
import { apiSchemaOf, compose } from './compose.ts';
import { explain } from './explain.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { FolderStore } from './folder-store.ts';
import { readGraph, readText, type SubgraphSource, UsageError } from './graph.ts';
import { readOperations } from './operations.ts';
import { formatReport, type ReportFormat, reportFormats } from './report.ts';

/** Where a command writes, and what time it is. */
export interface CliSurroundings {
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

const usage = `Usage: npm run schema -- COMMAND [options]

  compose                    compose the subgraphs; --out FILE writes the supergraph, --check holds FILE to it
  check                      what the working copy would change for clients; exit code 1 when it must not be merged
  diff OLD NEW               changes between two supergraph files
  explain FILE               what an operation costs, needs and how it is planned
  publish                    compose and store a new version; --subgraph NAME publishes one (repeatable)
  fetch                      print the newest supergraph; --version N an older one
  history                    list the versions
  rollback N                 publish version N again
  operations push FOLDER     register the operations of a folder; --client NAME@VERSION
  operations list            list the registered operations

  --config FILE      subgraphs, in rover's format (default supergraph.yaml)
  --registry FOLDER  the registry (default registry)
  --approvals FILE   approved changes (default registry/approvals.yaml)
  --budgets FILE     the most that operations may take (default registry/budgets.yaml)
  --format FORMAT    ${reportFormats.join(', ')} (default text)
  --message TEXT, --by NAME  noted with a version
`;

const options = {
  config: { type: 'string', default: 'supergraph.yaml' },
  registry: { type: 'string', default: 'registry' },
  approvals: { type: 'string' },
  budgets: { type: 'string' },
  format: { type: 'string', default: 'text' },
  out: { type: 'string' },
  check: { type: 'boolean', default: false },
  subgraph: { type: 'string', multiple: true },
  version: { type: 'string' },
  client: { type: 'string', default: 'unknown@0' },
  message: { type: 'string', default: '' },
  by: { type: 'string', default: 'local' },
  help: { type: 'boolean', default: false },
} as const;

type Command = (call: Call) => number | Promise<number>;
type Values = ReturnType<typeof parse>['values'];

/** One call of a command: exit codes are 0 (fine) and 1 (findings that must not be merged, or wrong usage). */
interface Call extends CliSurroundings {
  readonly values: Values;
  readonly rest: readonly string[];
  readonly store: FolderStore;
  readonly report: (findings: readonly Finding[]) => number;
}

const commands: Readonly<Record<string, Command>> = {
  compose: runCompose,
  check: runCheck,
  diff: runDiff,
  explain: runExplain,
  publish: runPublish,
  fetch: runFetch,
  history: runHistory,
  rollback: runRollback,
  operations: runOperations,
};

/** Runs one command line. Returns the exit code; whatever is wrong with the call is said, with what to do. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name = '', ...rest] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help || !command) {
      surroundings.write(command || values.help ? usage : `Unknown command "${name}".\n\n${usage}`);
      return values.help ? 0 : 1;
    }
    const format = formatOf(values.format);
    const report = (findings: readonly Finding[]) => {
      surroundings.write(formatReport(findings, format));
      return hasErrors(findings) ? 1 : 0;
    };
    return await command({ ...surroundings, values, rest, store: new FolderStore(values.registry), report });
  } catch (error) {
    if (!(error instanceof UsageError) && !isArgumentError(error)) throw error;
    surroundings.write(`${error.message}\n`);
    return 1;
  }
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function formatOf(text: string): ReportFormat {
  const format = reportFormats.find((name) => name === text);
  if (!format) throw new UsageError(`--format is ${text}: allowed is ${reportFormats.join(', ')}.`);
  return format;
}

function runCompose({ values, report, write }: Call): number {
  const { supergraph, findings } = compose(readGraph(values.config));
  const code = report(findings);
  if (supergraph === null) return code;
  if (values.out === undefined) return code;
  if (!values.check) writeFileSync(values.out, supergraph);
  else if (!existsSync(values.out) || readFileSync(values.out, 'utf8') !== supergraph) {
    write(`${values.out} is not what the subgraphs compose to: run compose without --check and commit it.\n`);
    return 1;
  }
  return code;
}

async function runCheck({ values, store, report, now }: Call): Promise<number> {
  const approvals = readApprovals(values.approvals ?? `${values.registry}/approvals.yaml`);
  const budgets = readBudgets(values.budgets ?? `${values.registry}/budgets.yaml`);
  const history = store.history();
  const base = history.length > 0 ? store.subgraphs(store.version()) : [];
  return report(
    await check({
      base,
      changed: pick(readGraph(values.config), values.subgraph ?? []),
      operations: store.operations(),
      approvals,
      budgets,
      today: now(),
    }),
  );
}

async function runDiff({ rest: [from, to], store, report }: Call): Promise<number> {
  if (from === undefined || to === undefined) throw new UsageError('Give two supergraph files: diff OLD NEW.');
  const changes = await findChanges({ from: apiSchemaOf(readText(from)), to: apiSchemaOf(readText(to)), operations: store.operations() });
  return report(sortFindings(changes));
}

function runExplain({ values, rest: [file], report, write }: Call): number {
  if (file === undefined) throw new UsageError('Give the file of an operation: explain FILE.');
  const { supergraph, findings } = compose(readGraph(values.config));
  if (supergraph === null) return report(findings);
  write(explain(supergraph, readText(file), file));
  return 0;
}

function runPublish({ values, store, report, write, now }: Call): number {
  const changed = pick(readGraph(values.config), values.subgraph ?? []);
  const { version, isNew, findings } = store.publish(changed, { by: values.by, message: values.message, now: now() });
  const code = report(findings);
  if (version && values.format === 'text')
    write(isNew ? `Published version ${version.number}.\n` : `Nothing to publish: version ${version.number} has these schemas.\n`);
  return code;
}

function runFetch({ values, store, write }: Call): number {
  write(store.supergraph(store.version(values.version === undefined ? undefined : versionNumber(values.version))));
  return 0;
}

function runHistory({ store, write }: Call): number {
  for (const { number, publishedAt, by, message, subgraphs } of store.history())
    write(`${number}  ${publishedAt}  ${by}  ${Object.keys(subgraphs).join(', ')}  ${message}\n`);
  return 0;
}

function runRollback({ rest: [number = ''], values, store, write, now }: Call): number {
  const old = versionNumber(number);
  const version = store.rollback(old, { by: values.by, message: values.message || `rollback to ${old}`, now: now() });
  write(`Published version ${version.number}, the same as version ${old}.\n`);
  return 0;
}

function runOperations({ rest: [verb, folder], values, store, write }: Call): number {
  if (verb === 'list') {
    for (const { name, clients, hash } of store.operations()) write(`${name}  ${hash.slice(0, 12)}  ${clients.join(', ')}\n`);
    return 0;
  }
  if (verb !== 'push' || folder === undefined) throw new UsageError('Use "operations push FOLDER" or "operations list".');
  const operations = readOperations(folder, values.client);
  write(`${store.pushOperations(operations)} of ${operations.length} operations are new.\n`);
  return 0;
}

function versionNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`"${text}" is not the number of a version: see history.`);
  return Number(text);
}

function pick(graph: readonly SubgraphSource[], names: readonly string[]): SubgraphSource[] {
  const unknown = names.filter((name) => !graph.some((source) => source.name === name));
  if (unknown.length > 0)
    throw new UsageError(`There is no subgraph ${unknown.join(', ')}: there are ${graph.map(({ name }) => name).join(', ')}.`);
  return graph.filter(({ name }) => names.length === 0 || names.includes(name));
}
