/** Elements from data. Every text becomes a text node: nothing that a cloud or a file says can be markup. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` with a function listens; false, null and undefined leave the attribute out
 * @param {...unknown} children texts, nodes, lists of them; nothing for false, null and undefined
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) add(element, child);
    else element.append(child);
  }
}

/** Puts new children in, and lets whoever reads or types stay where they were: focus, open details and scroll by `data-key`. */
export function redraw(container, ...children) {
  const key = document.activeElement?.closest?.('[data-key]')?.dataset.key;
  const open = new Set([...container.querySelectorAll('details[open][data-key]')].map((each) => each.dataset.key));
  const at = window.scrollY;
  container.replaceChildren();
  add(container, children);
  for (const details of container.querySelectorAll('details[data-key]')) {
    if (open.has(details.dataset.key)) details.open = true;
  }
  if (key !== undefined) {
    const again = [...container.querySelectorAll('[data-key]')].find((each) => each.dataset.key === key);
    (again?.matches('details') ? again.querySelector('summary') : again)?.focus({ preventScroll: true });
  }
  window.scrollTo(0, at);
}

let hiding;

/** Says something for a few seconds, to eyes and to screen readers. */
export function notice(text) {
  const place = document.getElementById('notice');
  place.replaceChildren(text);
  place.classList.add('shown');
  clearTimeout(hiding);
  hiding = setTimeout(() => place.classList.remove('shown'), 6_000);
}
