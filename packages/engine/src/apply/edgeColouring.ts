/**
 * Edge colouring: edges of one colour share no network, so they may be created together. As many colours as the largest
 * degree where we find it, one more at most (Vizing's theorem, by the algorithm of Misra and Gries 1992).
 */

export type GraphEdge = readonly [string, string];

/** Of an edge, as numbers. */
type Ends = readonly [number, number];

/** Colour of each edge, from 0, in the order of the input. Simple graphs only: no loops, no parallel edges. */
export function colourEdges(edges: readonly GraphEdge[]): number[] {
  const ids = new Map<string, number>();
  const degrees = new Map<number, number>();
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? ids.size;
    ids.set(name, id);
    degrees.set(id, (degrees.get(id) ?? 0) + 1);
    return id;
  };
  const ends = edges.map(([a, b]): Ends => [idOf(a), idOf(b)]);
  const degree = Math.max(0, ...degrees.values());
  const order = roundRobinOrder(ends, ids.size);
  const few = new PartialColouring(ends, ids.size, degree);
  if (order.every((edge) => few.take(edge) || colourByChain(few, edge))) return [...few.colours];
  const enough = new PartialColouring(ends, ids.size, degree + 1);
  for (const edge of order) if (!enough.take(edge)) colourByFan(enough, edge);
  return [...enough.colours];
}

/**
 * The order of a round-robin tournament: a complete graph then needs no repair, and every other graph loses nothing by it.
 */
function roundRobinOrder(edges: readonly Ends[], vertices: number): number[] {
  const last = vertices + (vertices % 2) - 1;
  const round = ([a, b]: Ends): number => {
    if (a === last) return (2 * b) % last;
    if (b === last) return (2 * a) % last;
    return (a + b) % last;
  };
  return edges
    .map((ends, edge) => ({ edge, round: round(ends) }))
    .sort((x, y) => x.round - y.round || x.edge - y.edge)
    .map(({ edge }) => edge);
}

/** What a list holds at a place that it has. */
function itemOf<T>(list: ArrayLike<T>, at: number): T {
  const item = list[at];
  if (item === undefined) throw new RangeError(`No item ${at} among ${list.length}`);
  return item;
}

class PartialColouring {
  /** Per vertex: colour → edge. Sparse, because one hub may have as many colours as the graph has edges. */
  readonly #at: Map<number, number>[];
  /** Every colour below is taken at the vertex. */
  readonly #lowest: Int32Array;
  /** Of each edge; -1: none yet. */
  readonly colours: Int32Array;

  constructor(
    private readonly edges: readonly Ends[],
    vertices: number,
    readonly colourCount: number,
  ) {
    this.#at = Array.from({ length: vertices }, () => new Map<number, number>());
    this.#lowest = new Int32Array(vertices);
    this.colours = new Int32Array(edges.length).fill(-1);
  }

  ends(edge: number): Ends {
    return itemOf(this.edges, edge);
  }

  /** The edge of this colour at the vertex; -1: none. */
  edgeAt(vertex: number, colour: number): number {
    return itemOf(this.#at, vertex).get(colour) ?? -1;
  }

  colourOf(edge: number): number {
    return itemOf(this.colours, edge);
  }

  other(edge: number, vertex: number): number {
    const [a, b] = this.ends(edge);
    return a === vertex ? b : a;
  }

  /** The lowest colour that is free at a vertex that has fewer coloured edges than there are colours. */
  free(vertex: number): number {
    let colour = itemOf(this.#lowest, vertex);
    while (this.edgeAt(vertex, colour) >= 0) colour++;
    this.#lowest[vertex] = colour;
    return colour;
  }

  /** Gives an edge without a colour the lowest one that is free at both of its ends. @returns false when there is none */
  take(edge: number): boolean {
    const [a, b] = this.ends(edge);
    for (let colour = Math.max(this.free(a), this.free(b)); colour < this.colourCount; colour++) {
      if (this.edgeAt(a, colour) >= 0 || this.edgeAt(b, colour) >= 0) continue;
      this.set(edge, colour);
      return true;
    }
    return false;
  }

  set(edge: number, colour: number): void {
    for (const vertex of this.ends(edge)) itemOf(this.#at, vertex).set(colour, edge);
    this.colours[edge] = colour;
  }

  /** Gives edges other colours, all at once. */
  recolour(changes: readonly { readonly edge: number; readonly colour: number }[]): void {
    for (const { edge } of changes) {
      const colour = this.colourOf(edge);
      for (const vertex of this.ends(edge)) {
        itemOf(this.#at, vertex).delete(colour);
        this.#lowest[vertex] = 0;
      }
    }
    for (const { edge, colour } of changes) this.set(edge, colour);
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
    this.recolour(path.map((edge) => ({ edge, colour: this.colourOf(edge) === first ? second : first })));
  }
}

/**
 * Frees a colour at both ends by swapping two colours on a path that begins at one end and does not reach the other.
 * @returns false when every such path does
 */
function colourByChain(colouring: PartialColouring, edge: number): boolean {
  const [u, v] = colouring.ends(edge);
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
function colourByFan(colouring: PartialColouring, edge: number): void {
  const [u, v] = colouring.ends(edge);
  const fan = new Map([[v, edge]]);
  /** The next vertex of the fan: its edge has a colour that is free at the last one. */
  const after = (tip: number): number | undefined => {
    for (let colour = 0; colour < colouring.colourCount; colour++) {
      const next = colouring.edgeAt(tip, colour) >= 0 ? -1 : colouring.edgeAt(u, colour);
      const vertex = next < 0 ? v : colouring.other(next, u);
      if (!fan.has(vertex)) {
        fan.set(vertex, next);
        return vertex;
      }
    }
    return undefined;
  };
  let tip = v;
  for (let next: number | undefined = v; next !== undefined; next = after(next)) tip = next;
  const c = colouring.free(u);
  const d = colouring.free(tip);
  colouring.flip(colouring.path(u, d, c), d, c);
  // up to the first vertex with d free it still is a fan: where the swap has made the one edge of colour d at u a c, the vertex
  // before it has d free, or was the other end of the path, and has c free now
  const vertices = [...fan.keys()];
  const edges = [...fan.values()].slice(0, vertices.findIndex((vertex) => colouring.edgeAt(vertex, d) < 0) + 1);
  const colours = [...edges.slice(1).map((one) => colouring.colourOf(one)), d];
  colouring.recolour(edges.map((one, at) => ({ edge: one, colour: itemOf(colours, at) })));
}
