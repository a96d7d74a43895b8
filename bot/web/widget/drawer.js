/**
 * What the page remembers for this tab. Where the browser forbids storage (a strict frame, a
 * private window) it remembers until the next reload and nothing breaks.
 */

const memory = new Map();

/** The value kept under a key, or null. */
export function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch (error) {
    if (error instanceof DOMException) return memory.get(key) ?? null;
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps a value; null forgets it. */
export function keep(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    memory.set(key, value);
  }
}
