/** Server-sent events out of a response. */

interface Frame {
  readonly event: string;
  readonly data: string;
  readonly id?: number;
}

/** A frame that is longer than this is no event of ours. */
const MAX_FRAME = 4 * 1024 * 1024;

/** Ends when the connection does. Signs of life are left out. */
export async function* framesOf(response: Response): AsyncGenerator<Frame> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const [event, data, id] = [field('event'), field('data'), field('id')];
      if (event === undefined || data === undefined) continue;
      yield { event, data, ...(id === undefined || !/^\d{1,15}$/.test(id) ? {} : { id: Number(id) }) };
    }
    if (text.length > MAX_FRAME) return;
  }
}
