/** Client tokens: what a step asks for is asked for by the same token wherever and however often the step is done. */
import { createHash } from 'node:crypto';

/** Our own name space (RFC 4122, 4.3); made once by hand, never to change. */
const NAME_SPACE = Buffer.from('6f1c2a0e5b0d4d6c9f4b8a7d3e21c590', 'hex');

/** `uuid5(run, step)`: two runs never share one, and a step of one run that is repeated in another process gets its own answer. */
export function stepToken(run: string, step: string): string {
  const bytes = createHash('sha1').update(NAME_SPACE).update(`${run}\n${step}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6); // version 5
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // the variant of RFC 4122
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
