/**
 * Building page elements. Everything a shopper or an agent wrote enters the page as a text
 * node through here, never as markup.
 */

/** A new element; `on…` attributes become listeners, null, undefined and false are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  send: ["M4 12 20 4l-4 16-4.5-6.5z", "M11.5 13.5 20 4"],
  up: ["M7 11v9H4v-9z", "M7 11l4-8c1.6 0 2.4 1.2 2.1 2.6L12.4 9H18a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 16.7 20H7"],
  down: ["M7 13V4H4v9z", "M7 13l4 8c1.6 0 2.4-1.2 2.1-2.6l-.7-3.4H18a2 2 0 0 0 2-2.4l-1.3-7A2 2 0 0 0 16.7 4H7"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"],
};

/** A line drawing by name, hidden from screen readers: the button around it has the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
