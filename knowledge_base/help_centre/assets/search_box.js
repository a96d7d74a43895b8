/** The search box: results while typing, arrow keys and Enter to open one, Escape to be done. */

import { SearchIndex } from "./search.js";

const form = document.querySelector(".search");
const input = form?.querySelector("input");
const found = form?.querySelector(".found");
const list = form?.querySelector("[role=listbox]");
const status = form?.querySelector("[role=status]");

let loading = null;
let active = -1;

/** The index, fetched when somebody is about to search; a failure is forgotten and tried again. */
function index() {
  loading ??= fetch("search.json")
    .then((response) => (response.ok ? response.json() : Promise.reject(new TypeError(response.statusText))))
    .then((data) => new SearchIndex(data));
  return loading;
}

/** Loads ahead of the first letter; what goes wrong is told when there is something to search. */
function prepare() {
  index().catch(() => { loading = null; });
}

async function search() {
  const query = input.value.trim();
  if (!query) return close();
  try {
    const ready = await index();
    // Somebody types on while it loads.
    if (query === input.value.trim()) show(ready.find(query), query);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    loading = null;
    open(0, form.dataset.unreachable);
  }
}

function show(results, query) {
  const words = results.length ? form.dataset.found : form.dataset.nothing;
  list.replaceChildren(...results.map(option));
  open(results.length, words.replace("{n}", results.length).replace("{query}", () => query));
}

function option({ id, title, snippet }, place) {
  const link = element("a", { href: `${encodeURIComponent(id)}.html`, tabindex: "-1" },
    element("b", {}, ...title.map(part)), element("span", {}, ...snippet.map(part)));
  const item = element("li", { id: `result-${place}`, role: "option", "aria-selected": "false" }, link);
  item.addEventListener("pointermove", () => choose(place));
  return item;
}

function part([text, isMarked]) {
  return isMarked ? element("mark", {}, text) : text;
}

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function open(count, words) {
  if (!count) list.replaceChildren();
  // A screen reader hears only what changes in a place that was there before.
  status.textContent = words;
  found.querySelector("p").textContent = words;
  found.hidden = false;
  list.hidden = count === 0;
  input.setAttribute("aria-expanded", String(count > 0));
  choose(-1);
}

function close() {
  found.hidden = true;
  status.textContent = "";
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  choose(-1);
}

/** Makes one result the active one; -1: none. */
function choose(place) {
  active = place;
  [...list.children].forEach((item, other) => item.setAttribute("aria-selected", String(other === place)));
  const item = list.children[place];
  if (item) input.setAttribute("aria-activedescendant", item.id);
  else input.removeAttribute("aria-activedescendant");
}

function step(by) {
  const count = list.children.length;
  if (!count) return;
  // From the input itself, which counts as one place, round and round.
  choose(((active + 1 + by + count + 1) % (count + 1)) - 1);
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function onkey(event) {
  // While a Chinese input method has its own list open, the keys are its.
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (found.hidden) search();
    else step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (found.hidden) input.value = "";
    close();
  }
}

function onsubmit(event) {
  event.preventDefault();
  const item = list.children[active] ?? list.children[0];
  item?.querySelector("a").click();
}

if (form) {
  form.hidden = false;
  input.addEventListener("focus", prepare);
  input.addEventListener("input", search);
  input.addEventListener("keydown", onkey);
  form.addEventListener("submit", onsubmit);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // A click on a result must not take the focus first, which would close the list under it.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("click", () => input.value.trim() && found.hidden && search());
}
