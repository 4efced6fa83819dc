/** The page's files, read once: what is not in the folder is not there, whatever a path says. */
import { readdirSync, readFileSync } from 'node:fs';

/** Beside `src` and `dist` alike. */
const FOLDER = new URL('../../page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** `index.html` is at `/`, the others below `/page/`. */
export const pageFiles = (): readonly PageFile[] =>
  readdirSync(FOLDER).flatMap((name) => {
    const type = TYPES[name.split('.').at(-1) ?? ''];
    if (type === undefined) return [];
    return [{ path: name === 'index.html' ? '/' : `/page/${name}`, type, bytes: readFileSync(new URL(name, FOLDER)) }];
  });
