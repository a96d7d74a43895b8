/** The list of open tickets: who waits, who is with whom. */

import { el } from "../widget/element.js";
import { fill } from "../widget/language.js";
import { LANGUAGE_NAMES } from "./texts.js";
import { summaryWords, wordFor } from "./codes.js";

const TICK_MS = 10_000;
const LOUD = new Set(["high", "urgent"]);

/** How long somebody has been waiting, in words. */
export function waited(seconds, words) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return words.now;
  if (minutes < 60) return fill(words.minutes, { n: minutes });
  return fill(words.hours, { n: Math.floor(minutes / 60), m: minutes % 60 });
}

export class Queue {
  #tickets = [];
  #seen = null;
  #fresh = new Set();
  #unread = new Set();
  #open = null;

  constructor({ texts, language, me, onopen }) {
    Object.assign(this, { texts, language, me, onopen });
    this.list = el("div", { class: "tickets", "data-testid": "desk-queue" });
    this.news = el("p", { class: "unseen", role: "status" });
    this.node = el("nav", { class: "queue", "aria-label": texts.queue }, this.news, this.list);
    this.timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** How many are waiting for an agent. */
  get waiting() {
    return this.#tickets.filter(({ state }) => state === "queued").length;
  }

  /** Shows the open tickets; those that were not there before are highlighted. */
  show(tickets) {
    const now = Date.now();
    this.#tickets = tickets.map((ticket) => ({ ...ticket, since: now - ticket.waiting_seconds * 1000 }));
    this.#notice(tickets);
    this.#draw();
  }

  /** Marks the ticket that is open beside the list. */
  select(ticket) {
    this.#open = ticket;
    this.#fresh.delete(ticket);
    this.#unread.delete(ticket);
    this.#draw();
  }

  /** Marks a ticket in which the customer said something that nobody has looked at. */
  said(ticket) {
    if (ticket === this.#open) return;
    this.#unread.add(ticket);
    this.#draw();
  }

  stop() {
    clearInterval(this.timer);
  }

  #notice(tickets) {
    const queued = tickets.filter(({ state }) => state === "queued").map(({ ticket }) => ticket);
    const arrived = this.#seen ? queued.filter((ticket) => !this.#seen.has(ticket)) : [];
    arrived.forEach((ticket) => this.#fresh.add(ticket));
    if (arrived.length) this.news.textContent = fill(this.texts.arrived, { ticket: arrived.join(", ") });
    this.#seen = new Set([...(this.#seen ?? []), ...queued]);
  }

  #draw() {
    const focused = document.activeElement?.dataset?.ticket;
    const groups = [
      [this.texts.mine, (ticket) => ticket.state === "assigned" && ticket.assigned_to === this.me],
      [this.texts.waiting, (ticket) => ticket.state === "queued"],
      [this.texts.others, (ticket) => ticket.state === "assigned" && ticket.assigned_to !== this.me],
    ];
    const parts = groups.flatMap(([title, belongs]) => this.#group(title, this.#tickets.filter(belongs)));
    this.list.replaceChildren(...(parts.length ? parts : [el("p", { class: "nothing" }, this.texts.nothing)]));
    if (focused) this.list.querySelector(`[data-ticket="${CSS.escape(focused)}"]`)?.focus();
  }

  #group(title, tickets) {
    if (!tickets.length) return [];
    return [el("h2", {}, `${title} · ${tickets.length}`), ...tickets.map((ticket) => this.#row(ticket))];
  }

  #row(ticket) {
    const { language, texts } = this;
    const loud = LOUD.has(ticket.priority);
    return el("button", {
      type: "button", class: "ticket", "data-testid": "desk-ticket", "data-ticket": ticket.ticket, "data-state": ticket.state,
      "data-fresh": this.#fresh.has(ticket.ticket), "data-unread": this.#unread.has(ticket.ticket),
      "aria-current": ticket.ticket === this.#open ? "true" : null, onclick: () => this.onopen(ticket.ticket),
    },
    el("span", { class: "who" }, ticket.customer?.name ?? texts.visitor),
    el("time", { "data-since": ticket.since }, waited(ticket.waiting_seconds, texts.waited)),
    el("span", { class: "tags" },
      loud ? el("i", { class: "loud" }, wordFor(ticket.priority, language)) : null,
      el("i", {}, wordFor(ticket.reason, language)),
      el("i", {}, LANGUAGE_NAMES[ticket.language] ?? ticket.language),
      ticket.state === "assigned" && ticket.assigned_to !== this.me ? el("i", {}, ticket.assigned_to) : null),
    el("span", { class: "gist" }, summaryWords(ticket.summary, language)));
  }

  #tick() {
    for (const time of this.list.querySelectorAll("[data-since]")) {
      time.textContent = waited((Date.now() - Number(time.dataset.since)) / 1000, this.texts.waited);
    }
  }
}
