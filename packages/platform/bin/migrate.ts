import { fileURLToPath } from 'node:url';
import { migrateCommand } from '../src/cli/migrate.ts';
import { runCommand } from '../src/cli/run.ts';
import { projectLayout } from '../src/project-layout.ts';

const layout = projectLayout(fileURLToPath(new URL('../../..', import.meta.url)));
await runCommand(() => migrateCommand(process.argv.slice(2), { layout, now: new Date(), out: (text) => process.stdout.write(text) }));
