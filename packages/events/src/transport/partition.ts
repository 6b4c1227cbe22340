/** Partitions per source unless said otherwise. Changing it on a living log reorders streams. */
export const DEFAULT_PARTITIONS = 8;

/** The partition of a stream: FNV-1a (32 bit) over its UTF-8 name, modulo the number of partitions. */
export function partitionOf(streamType: string, streamId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${streamType}/${streamId}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % partitions;
}
