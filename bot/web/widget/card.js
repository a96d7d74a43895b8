/** Cards under a reply. The reply's text already says it all; a card only makes it easy to see. */

import { dayAndTime, moment } from "./clock.js";
import { el } from "./element.js";
import { isWebAddress, link } from "./links.js";

const EVENTS_SHOWN = 3;

/** Money as text; a whole number is fen, as everywhere in the shop. */
function money(amount) {
  return Number.isInteger(amount) ? `¥${(amount / 100).toFixed(2)}` : amount;
}

function present(value) {
  return value !== null && value !== undefined && value !== "";
}

function heading(kind, number, status) {
  return el("div", { class: "card-head" },
    el("span", { class: "card-kind" }, kind),
    present(number) ? el("span", { class: "card-number" }, String(number)) : null,
    present(status) ? el("span", { class: "card-status" }, String(status)) : null);
}

function row(label, value) {
  if (!present(value)) return null;
  return el("div", { class: "card-row" }, el("span", {}, label), el("b", {}, String(value)));
}

/** The latest scans, at the shop's times: the reply's text tells them so. */
function tracking({ events, timezone }, language) {
  const newest = [...(events ?? [])].sort((one, other) => time(other) - time(one));
  if (!newest.length) return null;
  return el("ol", { class: "card-events" }, ...newest.slice(0, EVENTS_SHOWN).map((event) => {
    const at = moment(event.at);
    const where = [at ? dayAndTime(at, language, timezone) : event.at, event.place].filter(present);
    return el("li", {}, el("span", {}, String(event.text ?? "")), el("small", {}, where.join(" · ")));
  }));
}

function time(event) {
  return moment(event.at)?.getTime() ?? 0;
}

function itemName(item) {
  if (typeof item === "string") return item;
  const count = item.quantity > 1 ? ` × ${item.quantity}` : "";
  return `${item.title ?? item.name ?? ""}${count}`;
}

function details(address, words) {
  return isWebAddress(address) ? link(address, words.open) : null;
}

const CARDS = {
  order: (card, { card: words, orderStatus }, language) => [
    heading(words.order, card.number, orderStatus[card.status] ?? card.status),
    present(card.title) ? el("p", { class: "card-title" }, String(card.title)) : null,
    row(words.amount, money(card.amount)),
    tracking(card, language),
  ],
  return: (card, { card: words }) => [
    heading(words.return, card.rma, card.status),
    row(words.order, card.order),
    row(words.items, (card.items ?? []).map(itemName).filter(present).join(words.comma)),
    row(words.refund, money(card.refund)),
  ],
  ticket: (card, { card: words }) => [
    heading(words.ticket, card.ticket),
    row(words.position, card.position),
  ],
  product: (card, { card: words }) => [
    heading(words.product, null, card.status),
    el("p", { class: "card-title" }, String(card.title ?? card.name ?? "")),
    row(words.price, money(card.price ?? card.amount)),
    row(words.stock, card.stock),
    details(card.url, words),
  ],
  article: (card, { card: words }) => [
    heading(words.article),
    el("p", { class: "card-title" }, String(card.title ?? "")),
    details(card.url, words),
  ],
};

/** The element for a card, or null for a kind this page does not know. */
export function cardElement(card, texts, language) {
  if (!card || !Object.hasOwn(CARDS, card.type)) return null;
  const parts = CARDS[card.type](card, texts, language);
  return el("section", { class: `card card-${card.type}` }, ...parts.filter(Boolean));
}
