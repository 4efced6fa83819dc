/**
 * Edge colouring: edges of one colour share no network, so they may be created together. As many colours as the largest
 * degree where we find it, one more at most (Vizing's theorem, by the algorithm of Misra and Gries 1992).
 */

export type GraphEdge = readonly [string, string];

/** Colour of each edge, from 0, in the order of the input. Simple graphs only: no loops, no parallel edges. */
export function colourEdges(edges: readonly GraphEdge[]): number[] {
  const ids = new Map<string, number>();
  const idOf = (name: string): number => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    ids.set(name, ids.size);
    return ids.size - 1;
  };
  const plain = edges.map(([a, b]): [number, number] => [idOf(a), idOf(b)]);
  const degrees = new Array<number>(ids.size).fill(0);
  for (const [a, b] of plain) {
    degrees[a] = (degrees[a] ?? 0) + 1;
    degrees[b] = (degrees[b] ?? 0) + 1;
  }
  const degree = Math.max(0, ...degrees);
  const order = roundRobinOrder(plain, ids.size);
  return (colourInOrder(plain, order, degree, false) ?? colourInOrder(plain, order, degree + 1, true) ?? []).slice();
}

/**
 * The order of a round-robin tournament: a complete graph then needs no repair, and every other graph loses nothing by it.
 */
function roundRobinOrder(edges: readonly (readonly [number, number])[], vertices: number): number[] {
  const even = vertices + (vertices % 2);
  const last = even - 1;
  const round = (a: number, b: number): number => {
    if (a === last) return (2 * b) % last;
    if (b === last) return (2 * a) % last;
    return (a + b) % last;
  };
  return edges
    .map((_, at) => at)
    .sort((x, y) => {
      const [a, b] = edges[x] ?? [0, 0];
      const [c, d] = edges[y] ?? [0, 0];
      return (last > 0 ? round(a, b) - round(c, d) : 0) || x - y;
    });
}

class PartialColouring {
  /** Per vertex: colour → edge. Sparse, because one hub may have as many colours as the graph has edges. */
  readonly #at: Map<number, number>[];
  /** Every colour below is taken at the vertex. */
  readonly #lowest: Int32Array;
  readonly colours: Int32Array;

  constructor(
    readonly edges: readonly (readonly [number, number])[],
    vertices: number,
    readonly colourCount: number,
  ) {
    this.#at = Array.from({ length: vertices }, () => new Map<number, number>());
    this.#lowest = new Int32Array(vertices);
    this.colours = new Int32Array(edges.length).fill(-1);
  }

  edgeAt(vertex: number, colour: number): number {
    return this.#at[vertex]?.get(colour) ?? -1;
  }

  other(edge: number, vertex: number): number {
    const [a, b] = this.edges[edge] ?? [0, 0];
    return a === vertex ? b : a;
  }

  free(vertex: number): number {
    let colour = this.#lowest[vertex] ?? 0;
    while (colour < this.colourCount && this.edgeAt(vertex, colour) >= 0) colour++;
    this.#lowest[vertex] = colour;
    return colour < this.colourCount ? colour : -1;
  }

  common(a: number, b: number): number {
    for (let colour = Math.max(this.free(a), this.free(b)); colour >= 0 && colour < this.colourCount; colour++)
      if (this.edgeAt(a, colour) < 0 && this.edgeAt(b, colour) < 0) return colour;
    return -1;
  }

  set(edge: number, colour: number): void {
    const [a, b] = this.edges[edge] ?? [0, 0];
    this.#at[a]?.set(colour, edge);
    this.#at[b]?.set(colour, edge);
    this.colours[edge] = colour;
  }

  clear(edge: number): void {
    const colour = this.colours[edge] ?? -1;
    if (colour < 0) return;
    const [a, b] = this.edges[edge] ?? [0, 0];
    for (const vertex of [a, b]) {
      this.#at[vertex]?.delete(colour);
      this.#lowest[vertex] = Math.min(this.#lowest[vertex] ?? 0, colour);
    }
    this.colours[edge] = -1;
  }

  /** Edges of the path that begins at `start` and takes the two colours in turn, `first` first. */
  path(start: number, first: number, second: number): number[] {
    const edges: number[] = [];
    let vertex = start;
    let colour = first;
    for (let edge = this.edgeAt(vertex, colour); edge >= 0; edge = this.edgeAt(vertex, colour)) {
      edges.push(edge);
      vertex = this.other(edge, vertex);
      colour = colour === first ? second : first;
    }
    return edges;
  }

  /** Swaps the two colours on a path. */
  flip(path: readonly number[], first: number, second: number): void {
    const swapped = path.map((edge) => (this.colours[edge] === first ? second : first));
    for (const edge of path) this.clear(edge);
    path.forEach((edge, at) => this.set(edge, swapped[at] ?? first));
  }
}

/** `fans` allows the fan rotations that always succeed with degree + 1 colours; without them it may give up. */
function colourInOrder(
  edges: readonly (readonly [number, number])[],
  order: readonly number[],
  colourCount: number,
  fans: boolean,
): number[] | undefined {
  const vertices = edges.reduce((most, [a, b]) => Math.max(most, a + 1, b + 1), 0);
  const colouring = new PartialColouring(edges, vertices, colourCount);
  for (const edge of order) {
    const [u, v] = edges[edge] ?? [0, 0];
    const colour = colouring.common(u, v);
    if (colour >= 0) colouring.set(edge, colour);
    else if (fans) colourByFan(colouring, edge, u, v);
    else if (!colourByChain(colouring, edge, u, v)) return undefined;
  }
  return [...colouring.colours];
}

/** Frees a colour at both ends by swapping two colours on a path that begins at one end and does not reach the other. */
function colourByChain(colouring: PartialColouring, edge: number, u: number, v: number): boolean {
  for (let a = 0; a < colouring.colourCount; a++) {
    if (colouring.edgeAt(u, a) >= 0) continue;
    for (let b = 0; b < colouring.colourCount; b++) {
      if (colouring.edgeAt(v, b) >= 0) continue;
      const path = colouring.path(v, a, b);
      const end = path.reduce((vertex, step) => colouring.other(step, vertex), v);
      if (end === u) continue;
      colouring.flip(path, a, b);
      colouring.set(edge, a);
      return true;
    }
  }
  return false;
}

/** Misra and Gries: a maximal fan at u, one path swapped, the fan rotated up to a vertex that has the colour free. */
function colourByFan(colouring: PartialColouring, edge: number, u: number, v: number): void {
  const fan: { readonly vertex: number; readonly edge: number }[] = [{ vertex: v, edge }];
  const inFan = new Set([v]);
  for (let grown = true; grown;) {
    grown = false;
    const tip = fan[fan.length - 1]?.vertex ?? v;
    for (let colour = 0; colour < colouring.colourCount && !grown; colour++) {
      if (colouring.edgeAt(tip, colour) >= 0) continue;
      const next = colouring.edgeAt(u, colour);
      if (next < 0) continue;
      const vertex = colouring.other(next, u);
      if (inFan.has(vertex)) continue;
      fan.push({ vertex, edge: next });
      inFan.add(vertex);
      grown = true;
    }
  }
  const c = colouring.free(u);
  const d = colouring.free(fan[fan.length - 1]?.vertex ?? v);
  colouring.flip(colouring.path(u, d, c), d, c);
  // the swap may have broken the fan: take the longest part that still is one and ends where d is free
  let end = 0;
  for (let at = 0; at < fan.length; at++) {
    const here = fan[at];
    if (here === undefined) break;
    if (at > 0) {
      const before = fan[at - 1]?.vertex ?? v;
      if (colouring.edgeAt(before, colouring.colours[here.edge] ?? 0) >= 0) break;
    }
    if (colouring.edgeAt(here.vertex, d) < 0) {
      end = at;
      break;
    }
  }
  const rotated = fan.slice(1, end + 1).map((one) => colouring.colours[one.edge] ?? 0);
  for (const one of fan.slice(0, end + 1)) colouring.clear(one.edge);
  for (const [at, colour] of rotated.entries()) colouring.set(fan[at]?.edge ?? edge, colour);
  colouring.set(fan[end]?.edge ?? edge, d);
}
