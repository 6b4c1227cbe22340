import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** How long a file must rest before it is read: editors and copies write in several steps. */
const QUIET_MS = 100;

/**
 * Calls `onChange` with the text of a file now, since it may have changed after whoever calls read it, and whenever it changed. The folder
 * is watched, not the file: most writers replace the file, and a mounted Kubernetes ConfigMap is a symbolic link that is switched. Returns
 * what stops it.
 */
export function watchFile(path: string, onChange: (text: string) => void, onError: (error: unknown) => void): () => void {
  const absolute = resolve(path);
  const names = new Set([basename(absolute), '..data']);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let told: string | undefined;
  const tell = (text: string) => {
    if (isStopped || text === told) return;
    told = text;
    onChange(text);
  };
  const read = () => {
    readFile(absolute, 'utf8').then(tell, (error: unknown) => isStopped || onError(error));
  };
  const readOnceQuiet = () => {
    clearTimeout(timer);
    timer = setTimeout(read, QUIET_MS);
  };
  const watcher = watch(dirname(absolute), (_event, name) => {
    if (name === null || names.has(name)) readOnceQuiet();
  });
  watcher.on('error', onError);
  readOnceQuiet();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    watcher.close();
  };
}
