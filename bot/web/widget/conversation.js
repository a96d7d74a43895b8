/**
 * A conversation on this page: what is sent goes through the outbox, what comes in (answers,
 * events, history) meets in the log. Whoever opens another conversation closes this one first.
 */

import { moment } from "./clock.js";
import { Gateway } from "./gateway.js";
import { Outbox } from "./outbox.js";
import { EventStream } from "./stream.js";

// While the event stream is open, replies come by it and a send only has to be stored.
// Without it the answer to a send is held this long, so that it brings the replies itself.
const WAIT_S = 15;

export class Conversation {
  #cursor = 0;
  #stopping = new AbortController();

  constructor({ base, key, session, log, banner, typing }) {
    this.gateway = new Gateway({ base, session });
    Object.assign(this, { log, banner, typing });
    this.stream = new EventStream({
      open: (signal) => this.#open(signal),
      onevent: (event) => this.#receive(event),
      onlive: (live) => this.#live(live),
    });
    this.outbox = new Outbox({
      key,
      post: (message) => this.gateway.send(message, this.stream.live ? 0 : WAIT_S),
      onstate: (entry, state, detail) => this.#progress(entry, state, detail),
    });
  }

  start() {
    for (const entry of this.outbox.entries) {
      this.log.addOwn(entry, entry.failed ? "failed" : "sending");
    }
    const options = { signal: this.#stopping.signal };
    window.addEventListener("online", () => this.#wake(), options);
    document.addEventListener("visibilitychange", () => this.#wake(), options);
    this.stream.run();
    this.outbox.run();
  }

  stop() {
    this.#stopping.abort();
    this.stream.stop();
    this.outbox.stop();
  }

  /** Sends what the shopper wrote. */
  say(text) {
    this.outbox.add({ text, shown: text });
  }

  /** Sends a quick reply: its title is shown, its payload is what the assistant gets. */
  press({ title, payload }) {
    this.outbox.add(payload ? { payload, shown: title } : { text: title, shown: title });
  }

  #wake() {
    if (!document.hidden) this.stream.wake();
  }

  /** Fetches what was missed, then opens the stream from there: nothing falls in between. */
  async #open(signal) {
    for (let more = true; more;) {
      const before = this.#cursor;
      const { messages, owner, agent } = await this.gateway.history(before, signal);
      if (this.#stopping.signal.aborted) break;
      this.log.add(messages.map((message) => ({ ...message, at: moment(message.at) })));
      if (messages.some((message) => message.seq > before && message.from !== "shopper")) this.typing.hide();
      if (owner) this.banner.speaks(owner, agent);
      this.#cursor = messages.reduce((last, { seq }) => Math.max(last, seq), before);
      more = this.#cursor > before;
    }
    return this.gateway.events(this.#cursor, signal);
  }

  #receive({ event, data, id }) {
    if (this.#stopping.signal.aborted) return;
    const told = parse(data);
    if (!told) return;
    if (/^\d+$/.test(id ?? "")) this.#cursor = Math.max(this.#cursor, Number(id));
    if (event === "reply") this.#hear([told]);
    else if (event === "message") this.log.add([{ ...told, from: "shopper", at: moment(told.at) ?? new Date() }]);
    else if (event === "owner") this.banner.speaks(told.owner, told.agent);
    else if (event === "queue") this.banner.waits(told);
    else if (event === "typing") this.typing.show(told.from);
  }

  #hear(replies) {
    const agent = this.banner.agent;
    const dated = replies.map((reply) => ({
      ...reply,
      at: moment(reply.at) ?? new Date(),
      agent: reply.from === "agent" ? reply.agent ?? agent : null,
    }));
    if (this.log.add(dated)) this.typing.hide();
  }

  #live(live) {
    this.banner.connected(live);
    if (live) this.outbox.retry();
  }

  #progress(entry, state, detail) {
    this.log.addOwn(entry, state, detail);
    if (state !== "sent") return;
    if (detail.owner) this.banner.speaks(detail.owner);
    if (detail.replies?.length) this.#hear(detail.replies);
    else if (detail.owner === "bot" && !this.log.answered(detail.seq)) this.typing.show("bot");
  }
}

function parse(data) {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
