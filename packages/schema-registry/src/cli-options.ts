import { parseArgs } from 'node:util';
import { reportFormats } from './report.ts';

/** What `--help` says. */
export const usage = `Usage: npm run schema -- COMMAND [options]

  compose                    compose the subgraphs; --out FILE writes the supergraph, --check holds FILE to it
  check                      what the working copy would change for clients; exit code 1 when it must not be merged
  diff OLD NEW               changes between two supergraph files
  docs                       a reference of the schema as one HTML page; --out FILE (default schema.html)
  explain FILE               what an operation costs, needs and how it is planned; --svg FILE draws the plan
  publish                    compose and store a new version; --subgraph NAME publishes one, --remove NAME takes one out (repeatable)
  fetch                      print the newest supergraph; --version N an older one
  history                    list the versions
  rollback N                 publish version N again
  operations push FOLDER     register the operations of a folder or of a manifest (FILE.json); --client NAME@VERSION
  operations list            list the registered operations

  --config FILE      subgraphs, in rover's format (default supergraph.yaml)
  --registry PLACE   the registry: a folder, or the service's address (default $SCHEMA_REGISTRY_URL, else the folder registry)
  --token TOKEN      for the service (default $SCHEMA_REGISTRY_TOKEN); when it cannot be asked, --folder is read, with a warning
  --folder FOLDER    registry folder of the repository (default registry)
  --window DAYS, --min-requests N, --exclude-client NAME   which recorded operations count as in use
  --approvals FILE   approved changes (default registry/approvals.yaml)
  --budgets FILE     the most that operations may take (default registry/budgets.yaml)
  --format FORMAT    ${reportFormats.join(', ')} (default text)
  --operation NAME, --roles FILE   for explain: which operation of the file; scopes by role, as YAML
  --message TEXT, --by NAME  noted with a version
`;

const options = {
  config: { type: 'string', default: 'supergraph.yaml' },
  registry: { type: 'string' },
  token: { type: 'string' },
  folder: { type: 'string', default: 'registry' },
  window: { type: 'string' },
  'min-requests': { type: 'string' },
  'exclude-client': { type: 'string', multiple: true },
  approvals: { type: 'string' },
  budgets: { type: 'string' },
  format: { type: 'string', default: 'text' },
  out: { type: 'string' },
  svg: { type: 'string' },
  operation: { type: 'string' },
  roles: { type: 'string' },
  check: { type: 'boolean', default: false },
  subgraph: { type: 'string', multiple: true },
  remove: { type: 'string', multiple: true },
  version: { type: 'string' },
  client: { type: 'string', default: 'unknown@0' },
  message: { type: 'string', default: '' },
  by: { type: 'string', default: 'local' },
  help: { type: 'boolean', default: false },
} as const;

/** A command line in its parts. */
export type CommandLine = ReturnType<typeof parseCommandLine>;

/** @throws what {@link isArgumentError} knows. */
export function parseCommandLine(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

/** Whether somebody gave an option that there is not, or one without its value. */
export function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
