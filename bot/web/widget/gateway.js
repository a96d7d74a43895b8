/** The shop's gateway as the chat sees it: one method per call, one kind of error. */

/** What went wrong. `status` 0 means that no answer came at all. */
export class GatewayError extends Error {
  constructor(status, code = "unreachable", retryAfter = 0) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** True where the same call may succeed later without anybody changing anything. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Makes a call; gives the Response, or throws GatewayError. */
export async function call(address, { method = "GET", body, headers = {}, signal } = {}) {
  const options = { method, headers: { ...headers }, signal, credentials: "same-origin" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(address, options).catch(() => {
    throw new GatewayError(0);
  });
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("Retry-After"));
  throw new GatewayError(response.status, told?.error?.code, Number.isFinite(seconds) ? seconds : 0);
}

/** The body of a response; one that breaks off on the way counts as no answer. */
export async function read(response) {
  return response.json().catch(() => {
    throw new GatewayError(0);
  });
}

export class Gateway {
  constructor({ base = "", session }) {
    this.base = base;
    this.session = session;
  }

  /** A call with the shopper's token; a refused token is replaced once. */
  async #call(path, options = {}) {
    const token = await this.session.token();
    try {
      return await this.#with(token, path, options);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.status !== 401) throw error;
      return this.#with(await this.session.replace(token), path, options);
    }
  }

  #with(token, path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${token}` };
    return call(this.base + path, { ...options, headers });
  }

  /** Sends a message; `wait` = seconds the answer may hold for replies. */
  async send(message, wait) {
    const signal = AbortSignal.timeout((wait + 20) * 1000);
    const path = `/v1/messages?wait=${wait}`;
    return read(await this.#call(path, { method: "POST", body: message, signal }));
  }

  /** What was said after a sequence number. */
  async history(after, signal) {
    return read(await this.#call(`/v1/messages?after=${after}`, { signal }));
  }

  /** The open event stream, from after a sequence number. */
  events(after, signal) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return this.#call("/v1/events", { headers, signal });
  }

  async vote(replySeq, vote) {
    await this.#call("/v1/feedback", { method: "POST", body: { reply_seq: replySeq, vote } });
  }
}
