/** The desk's API for a signed-in agent; the session is a cookie the page cannot read. */

import { delay } from "../widget/backoff.js";
import { call, read } from "../widget/gateway.js";

const ROOT = "/v1/desk";

async function post(path, body = {}) {
  return call(ROOT + path, { method: "POST", body });
}

async function get(path) {
  return read(await call(ROOT + path));
}

const at = (ticket, step = "") => `/tickets/${encodeURIComponent(ticket)}${step}`;

/** `{agent}` of whoever is signed in. */
export const session = () => get("/session");
export const signIn = async (name, password) => read(await post("/session", { name, password }));
export const signOut = () => call(`${ROOT}/session`, { method: "DELETE" });
export const openTickets = async () => (await get("/tickets")).tickets;
export const ticketWithTranscript = (ticket) => get(at(ticket));
export const take = (ticket) => post(at(ticket, "/take"));
export const giveBack = (ticket) => post(at(ticket, "/return"));
export const close = (ticket) => post(at(ticket, "/close"));
export const signalTyping = (ticket) => post(at(ticket, "/typing"));
export const findArticles = async (words, language) =>
  (await get(`/articles?${new URLSearchParams({ q: words, language })}`)).articles;
export const correct = (ticket, correction) => post(at(ticket, "/corrections"), correction);
export const say = async (ticket, message) => read(await post(at(ticket, "/messages"), message));

/** The desk's events, for as long as somebody is signed in. */
export class DeskEvents {
  #source = null;
  #timer = null;
  #attempt = 0;

  /** `hands`: `tickets(data)`, `message(data)`, `typing(data)`, `resync()` when events may have been missed, `live(bool)`. */
  constructor(hands) {
    this.hands = hands;
  }

  open() {
    this.#source = new EventSource(`${ROOT}/events`);
    this.#source.onopen = () => {
      this.#attempt = 0;
      this.hands.live(true);
    };
    this.#source.onerror = () => this.#broken();
    for (const name of ["tickets", "message", "typing", "resync"]) {
      this.#source.addEventListener(name, ({ data }) => this.hands[name](JSON.parse(data)));
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  /** The browser reconnects by itself, except after an HTTP error: then it gives up for good. */
  #broken() {
    this.hands.live(false);
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.close();
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.open(), delay(this.#attempt));
  }
}
