/** The demo shop's page: its words, the customer switch, and questions that fill the chat. */

import { keep, recall } from "../widget/drawer.js";
import { el } from "../widget/element.js";
import { chooseLanguage, languageOf } from "../widget/language.js";
import { helpAddress } from "../widget/sources.js";
import "../widget/widget.js";
import { demoCustomers, demoToken } from "./customers.js";
import { CUSTOMER_EXAMPLES, EXAMPLES, TEXTS } from "./texts.js";

const CHOSEN = "xiaoer.demo.customer";
const VISITOR = "";
const SVG = "http://www.w3.org/2000/svg";

const chat = document.querySelector("xiaoer-chat");
const select = document.querySelector("[data-testid=customer-switch]");
const find = (selector) => document.querySelector(selector);

/** A drawing out of the icon file. */
function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/assets/shop/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Puts a question into the chat, which on a phone has to be shown first. */
function ask(question) {
  show("chat");
  chat.fill(question);
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

function drawTiles(tiles) {
  find(".tiles").replaceChildren(...Object.entries(tiles).map(([name, [title, question]]) =>
    el("li", {}, el("button", { type: "button", class: `tile tile-${name}`, onclick: () => ask(question) },
      drawing(name), el("b", {}, title), el("span", {}, question)))));
}

function drawPage(language, examples) {
  const texts = TEXTS[language];
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = texts[node.dataset.text];
  find(".help").href = helpAddress("", language);
  find(".promises").replaceChildren(...texts.promises.map((promise) => el("li", {}, promise)));
  find(".examples").replaceChildren(...examples.map((question) =>
    el("li", {}, el("button", { type: "button", onclick: () => ask(question) }, question))));
  drawTiles(texts.tiles);
  select.options[0].textContent = texts.visitor;
}

/** Makes the page and the chat those of a customer, or of a visitor. */
function become(customer) {
  const language = languageOf(customer?.language) ?? chooseLanguage();
  const examples = CUSTOMER_EXAMPLES[customer?.id] ?? EXAMPLES[language];
  drawPage(language, examples);
  chat.lang = language;
  chat.suggest(examples);
  if (customer) chat.signIn({ key: customer.id, issue: () => demoToken(customer.id) });
  else chat.signIn();
}

async function begin() {
  select.append(el("option", { value: VISITOR }));
  for (const button of document.querySelectorAll("[data-show]")) {
    button.addEventListener("click", () => show(button.dataset.show));
  }
  show("chat");
  drawPage(chooseLanguage(), EXAMPLES[chooseLanguage()]);

  const customers = await demoCustomers();
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  select.append(...customers.map(({ id, name }) => el("option", { value: id }, `${name} · ${id}`)));
  select.closest("label").hidden = customers.length === 0;
  select.addEventListener("change", () => {
    keep(CHOSEN, select.value);
    become(byId.get(select.value));
  });
  const chosen = byId.get(recall(CHOSEN));
  select.value = chosen?.id ?? VISITOR;
  become(chosen);
}

begin();
