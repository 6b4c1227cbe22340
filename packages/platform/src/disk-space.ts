import { statfs } from 'node:fs/promises';
import { PlatformError } from './platform-error.ts';

const MEGABYTE = 1024 * 1024;

/** Throws unless this many bytes are free for us where `folder` is. @throws PlatformError `DISK_FULL`. */
export async function assertDiskSpace(folder: string, leastBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= leastBytes) return;
  throw diskFull(`Only ${Math.floor(free / MEGABYTE)} MB are free where the databases live (${folder}).`);
}

/** The error for a disk that is, or just became, full. */
export function diskFull(message: string, cause?: unknown): PlatformError {
  return new PlatformError('DISK_FULL', message, 'Free at least 300 MB there and start again.', { cause });
}
