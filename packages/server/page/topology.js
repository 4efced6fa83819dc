/** The picture of a stack, alive: connections can be chosen, and a run under way shows where it is at work. */
import { follow, picture, Refused } from './api.js';
import { h } from './dom.js';
import { errorText } from './words.js';

const LEGEND = [
  ['connected', 'connected'],
  ['pending', 'on its way'],
  ['broken', 'broken'],
  ['absent', 'not there'],
  ['working', 'a run is at work'],
];

export class Topology {
  #path;
  #signal;
  #onChoose;
  #drawn;
  #run;

  /** @param onChoose gets the name of a connection */
  constructor({ path, signal, onChoose }) {
    this.#path = path;
    this.#signal = signal;
    this.#onChoose = onChoose;
  }

  async show(place, { look, run }) {
    const { graph } = look ?? {};
    place.hidden = graph === undefined;
    if (graph !== undefined && this.#drawn !== look.at) {
      const svg = await this.#picture();
      if (svg.localName === 'svg') this.#prepare(svg, graph);
      place.replaceChildren(
        h('h2', {}, 'Topology'),
        h('div', { class: 'picture', tabindex: 0, role: 'group', 'aria-label': 'Picture of the stack' }, svg),
        h(
          'ul',
          { class: 'legend' },
          LEGEND.map(([kind, words]) => h('li', { class: kind }, words)),
        ),
      );
      this.#drawn = look.at;
    }
    if (run !== undefined && run !== this.#run) this.#watch(run, place);
    this.#run = run;
  }

  /** Or why there is none; the rest of the view does not depend on it. */
  async #picture() {
    try {
      return await picture(this.#path, { signal: this.#signal });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return errorText(error.said);
    }
  }

  #prepare(svg, graph) {
    for (const title of svg.querySelectorAll('title')) title.remove();
    graph.edges.forEach((edge, at) => {
      const shape = svg.getElementById(`edge-${at}`);
      if (shape === null) return;
      shape.dataset.connection = edge.name;
      shape.setAttribute('tabindex', '0');
      shape.setAttribute('role', 'button');
      shape.setAttribute(
        'aria-label',
        `${edge.name}: ${edge.health}${edge.faults.length === 0 ? '' : `, ${edge.faults.join(', ')}`}`,
      );
      const choose = () => this.#onChoose(edge.name);
      shape.addEventListener('click', choose);
      shape.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      });
    });
  }

  /** Colours follow the events until the run has ended; then the next look says how it is. */
  #watch(run, place) {
    const mark = (connection, kind, on) => {
      for (const shape of place.querySelectorAll('g.edge')) {
        if (shape.dataset.connection === connection) shape.classList.toggle(kind, on);
      }
    };
    const onEvent = ({ type, step }) => {
      if (step === undefined) return;
      if (type === 'step.started') mark(step.connection, 'working', true);
      if (type === 'step.done' || type === 'step.skipped') mark(step.connection, 'working', false);
      if (type !== 'step.failed') return;
      mark(step.connection, 'working', false);
      mark(step.connection, 'broken', true);
    };
    follow(run, onEvent, this.#signal).catch(() => undefined); // the view says what the server refuses
  }
}
