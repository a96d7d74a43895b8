/**
 * Server-sent events over fetch: EventSource cannot carry an Authorization header. Reconnects
 * for ever, with back-off, from the last event it saw.
 */

import { Pause, delay } from "./backoff.js";
import { GatewayError } from "./gateway.js";

// A connection that lived this long was a good one: the next break starts counting anew.
const SETTLED_MS = 5_000;
// Longer than any heartbeat; a half-dead mobile connection is noticed no other way.
const SILENCE_MS = 75_000;

/** Cuts text that arrives in pieces into events `{event, data, id}`. */
export class EventParser {
  #rest = "";
  #event = {};

  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    return lines.map((line) => this.#line(line.replace(/\r$/, ""))).filter(Boolean);
  }

  #line(line) {
    if (line === "") return this.#finish();
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (name === "data") this.#event.data = [...(this.#event.data ?? []), value];
    else if (name) this.#event[name] = value;
    return null;
  }

  #finish() {
    const { event = "message", data, id } = this.#event;
    this.#event = {};
    return data ? { event, data: data.join("\n"), id } : null;
  }
}

export class EventStream {
  #pause = new Pause();
  #stopping = new AbortController();

  /**
   * `open(signal)` gives the streaming Response; `onevent(event)` gets each one;
   * `onlive(bool)` is told when the stream opens and when it breaks.
   */
  constructor({ open, onevent, onlive }) {
    this.open = open;
    this.onevent = onevent;
    this.onlive = onlive;
    this.live = null;
  }

  async run() {
    const stopping = this.#stopping.signal;
    let attempt = 0;
    while (!stopping.aborted) {
      const began = Date.now();
      const retryAfter = await this.#connection(stopping);
      if (stopping.aborted) return;
      this.#tell(false);
      attempt = Date.now() - began > SETTLED_MS ? 1 : attempt + 1;
      await this.#pause.wait(delay(attempt, retryAfter), stopping);
    }
  }

  /** Tries again now: the network is back, or somebody is looking. */
  wake() {
    this.#pause.wake();
  }

  stop() {
    this.#stopping.abort();
  }

  #tell(live) {
    if (this.live === live) return;
    this.live = live;
    this.onlive(live);
  }

  /** One connection from opening to its end; gives the seconds the server asked us to wait. */
  async #connection(stopping) {
    const silence = new AbortController();
    const stop = () => silence.abort();
    stopping.addEventListener("abort", stop, { once: true });
    try {
      const response = await this.open(silence.signal);
      this.#tell(true);
      await this.#consume(response.body, silence);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return error.retryAfter;
    } finally {
      stopping.removeEventListener("abort", stop);
    }
    return 0;
  }

  async #consume(body, silence) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const { done, value } = await reader.read().catch(() => {
        throw new GatewayError(0);
      });
      clearTimeout(timer);
      if (done) return;
      parser.push(value).forEach((event) => this.onevent(event));
    }
  }
}
