/*
 * Starts one process of the supergraph in a container: `container-entry.mjs <process> <file>`. Its variables come from the file
 * that the `prepare` service wrote; what the container sets itself wins.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [name, file] = process.argv.splice(2, 2);
const prepared = JSON.parse(readFileSync(join(process.env['DATA_DIR'] ?? '/run/supergraph', 'processes', `${name}.json`), 'utf8'));
process.env = { ...prepared, ...process.env };
await import(pathToFileURL(join(process.cwd(), file)).href);
