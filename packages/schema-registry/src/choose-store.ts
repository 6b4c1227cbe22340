import { FolderStore } from './folder-store.ts';
import { UsageError } from './graph.ts';
import { HttpStore } from './http-store.ts';
import type { RegistryStore } from './registry-store.ts';

/** What was said about where the registry is. */
export interface StoreChoice {
  /** `--registry`: a folder or the address of the service. */
  readonly registry?: string | undefined;
  /** `--folder`: what belongs to the repository when the registry is the service. */
  readonly folder: string;
  /** `--token`. */
  readonly token?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/** The store to use, and the folder that belongs to the repository: approvals, budgets, and what to fall back to. */
export interface ChosenStore {
  readonly store: RegistryStore;
  readonly folder: string;
  /** Takes the place of the service when that cannot be asked; absent when the folder was chosen in the first place. */
  readonly fallback?: RegistryStore;
}

/**
 * The registry service when its address is given (`--registry`, else SCHEMA_REGISTRY_URL), with the folder behind it; otherwise the folder.
 * @throws {UsageError} when the service is chosen without a token.
 */
export function chooseStore({ registry, folder, token, env, now }: StoreChoice): ChosenStore {
  const url = registry ? addressIn(registry) : env['SCHEMA_REGISTRY_URL'];
  if (!url) {
    const place = registry || folder;
    return { store: new FolderStore(place, now), folder: place };
  }
  const timeoutMs = timeoutOf(env['SCHEMA_REGISTRY_TIMEOUT_MS']);
  const store = new HttpStore({ url, token: (token ?? env['SCHEMA_REGISTRY_TOKEN'] ?? '').trim(), ...(timeoutMs && { timeoutMs }) });
  return { store, folder, fallback: new FolderStore(folder, now) };
}

/** A URL, or a host with its port, which would be a strange name of a folder. */
function addressIn(place: string): string | undefined {
  return place.includes('://') || /^[\w.-]+:\d/.test(place) ? place : undefined;
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new UsageError(`SCHEMA_REGISTRY_TIMEOUT_MS is "${text}": allowed is a number of milliseconds.`);
  return Number(text);
}
