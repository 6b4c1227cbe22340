import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const marker = 'enc.v1.';
const ivBytes = 12;
const tagBytes = 16;

/** A field value could not be decrypted: key missing, or the stored text is not what was written there. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/**
 * Keys that encrypt single fields with AES-256-GCM (NIST SP 800-38D). The first key encrypts; all decrypt, so a new key
 * is put in front, the rows are re-encrypted, and the old key is taken out.
 *
 * Threat: somebody reads a dump or a replica, or swaps ciphertexts between rows with write access to one table. Every
 * value has its own random nonce, and is bound to its place (model, field): moved elsewhere it does not decrypt.
 */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, Buffer>;

  /** Id of the key that encrypts. */
  readonly currentKeyId: string;

  private constructor(keys: ReadonlyMap<string, Buffer>, currentKeyId: string) {
    this.keys = keys;
    this.currentKeyId = currentKeyId;
  }

  /**
   * Reads `id:base64,id:base64`: 32-byte keys, the current one first.
   * @throws {RangeError} naming the entry that is wrong, never the key.
   */
  static parse(text: string): KeyRing {
    const entries = text.split(',').map((entry) => entry.trim().split(':'));
    const keys = new Map<string, Buffer>();
    for (const [id, encoded] of entries) {
      const key = Buffer.from(encoded ?? '', 'base64');
      if (id === undefined || !/^[a-zA-Z0-9_-]{1,32}$/.test(id)) throw new RangeError('a key id must be 1 to 32 letters, digits, - or _');
      if (key.length !== 32) throw new RangeError(`key ${id} must be 32 bytes in base64, was ${key.length}`);
      if (keys.has(id)) throw new RangeError(`key ${id} is there twice`);
      keys.set(id, key);
    }
    return new KeyRing(keys, entries[0]?.[0] ?? '');
  }

  /** What {@link KeyRing.parse} takes, for messages about configuration. */
  static readonly form = 'allowed is id:base64,id:base64 with keys of 32 bytes';

  /** Whether {@link KeyRing.parse} takes it. */
  static isValid(text: string): boolean {
    try {
      return KeyRing.parse(text).currentKeyId !== '';
    } catch {
      return false;
    }
  }

  /** Encrypts for one place, such as `Address.line1`. */
  encrypt(plain: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.currentKeyId), iv).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${marker}${this.currentKeyId}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** Reads what {@link encrypt} wrote for the same place. @throws {DecryptionError} */
  decrypt(stored: string, place: string): string {
    const [keyId, payload] = stored.slice(marker.length).split('.');
    if (!KeyRing.isEncrypted(stored) || keyId === undefined || payload === undefined)
      throw new DecryptionError(`${place} is not encrypted`);
    const key = this.key(keyId);
    const bytes = Buffer.from(payload, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    try {
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new DecryptionError(`${place} cannot be decrypted with key ${keyId}`, { cause });
    }
  }

  /** True when the value was written with another key than the current one, and should be written again. */
  isStale(stored: string): boolean {
    return KeyRing.isEncrypted(stored) && !stored.startsWith(`${marker}${this.currentKeyId}.`);
  }

  /** True for text that {@link encrypt} wrote. */
  static isEncrypted(stored: string): boolean {
    return stored.startsWith(marker);
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new DecryptionError(`key ${id} is not in the key ring`);
    return key;
  }
}
