/**
 * What Temporal's store holds: large payloads compressed (it refuses more than 2 MB, and a plan takes some 660 bytes a step), and
 * everything encrypted where there is a key. Source of the limit: docs.temporal.io/cloud/limits, read 2026-11-20.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { PeerwayError } from '@peerway/core';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Smaller ones gain nothing. */
const COMPRESS_FROM_BYTES = 4_096;
/** What a payload may be after decompression: a small one must not become a large process. */
const MOST_BYTES = 256 * 1_048_576;

const COMPRESSED = 'binary/peerway-brotli';
const ENCRYPTED = 'binary/peerway-aes-256-gcm';
const KEY_ID = 'peerway-key';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A whole payload, its metadata included, as bytes; and back. */
const packed = ({ metadata, data }: Payload): Buffer => {
  const head = Buffer.from(
    JSON.stringify(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, data ?? Buffer.alloc(0)]);
};

const unpacked = (bytes: Buffer): Payload => {
  const end = 4 + bytes.readUInt32BE(0);
  const head = JSON.parse(bytes.subarray(4, end).toString()) as [string, string][];
  return {
    metadata: Object.fromEntries(head.map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))])),
    data: new Uint8Array(bytes.subarray(end)),
  };
};

const encodingOf = ({ metadata }: Payload): string => text(metadata?.[METADATA_ENCODING_KEY]);
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
const bytes = (word: string): Uint8Array => new TextEncoder().encode(word);

interface Key {
  readonly id: string;
  readonly secret: Buffer;
}

export class PackingCodec implements PayloadCodec {
  readonly #keys: readonly Key[];

  /**
   * @param keys base64 of 32 bytes each, parted by commas: the first one encrypts, all of them decrypt, so that a key can be changed
   * while workflows of the old one are still there. Absent or empty: nothing is encrypted.
   * @throws PeerwayError `InvalidArgument`
   */
  constructor(keys = '') {
    this.#keys = keys
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .map((each) => {
        const secret = Buffer.from(each, 'base64');
        if (secret.length !== KEY_BYTES)
          throw new PeerwayError('InvalidArgument', `A payload key is not ${KEY_BYTES} bytes in base64`, {
            place: PAYLOAD_KEYS_VARIABLE,
            remedy: 'Make one with `openssl rand -base64 32`; several are parted by commas.',
          });
        return { id: createHash('sha256').update(secret).digest('hex').slice(0, 8), secret };
      });
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map(async (payload) => this.#encrypt(await small(payload))));
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map(async (payload) => large(this.#decrypt(payload))));
  }

  #encrypt(payload: Payload): Payload {
    const [key] = this.#keys;
    if (key === undefined) return payload;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.secret, nonce);
    const data = Buffer.concat([nonce, cipher.update(packed(payload)), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { [METADATA_ENCODING_KEY]: bytes(ENCRYPTED), [KEY_ID]: bytes(key.id) }, data };
  }

  #decrypt(payload: Payload): Payload {
    if (encodingOf(payload) !== ENCRYPTED) return payload;
    const id = text(payload.metadata?.[KEY_ID]);
    const key = this.#keys.find((each) => each.id === id);
    const data = Buffer.from(payload.data ?? []);
    if (key === undefined) throw unreadable(`The payload key ${id} is not among those given`);
    const decipher = createDecipheriv('aes-256-gcm', key.secret, data.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    const plain = decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return unpacked(Buffer.concat([plain, decipher.final()]));
    } catch {
      throw unreadable('A payload was changed in the store');
    }
  }
}

const unreadable = (message: string): PeerwayError =>
  new PeerwayError('FailedPrecondition', message, {
    place: PAYLOAD_KEYS_VARIABLE,
    remedy:
      'Give the keys that the payloads were made with: an old one, after the new one, until no workflow of it is left.',
  });

export const PAYLOAD_KEYS_VARIABLE = 'PEERWAY_PAYLOAD_KEYS';

async function small(payload: Payload): Promise<Payload> {
  const { data } = payload;
  if (data === null || data === undefined || data.length < COMPRESS_FROM_BYTES) return payload;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  return {
    metadata: { [METADATA_ENCODING_KEY]: bytes(COMPRESSED) },
    data: new Uint8Array(await compress(packed(payload), { params })),
  };
}

async function large(payload: Payload): Promise<Payload> {
  if (encodingOf(payload) !== COMPRESSED) return payload;
  return unpacked(await decompress(payload.data ?? new Uint8Array(), { maxOutputLength: MOST_BYTES }));
}
