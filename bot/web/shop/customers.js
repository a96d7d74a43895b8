/** The demo's customers: who may be chosen, and their tokens. A real shop has neither. */

import { call, GatewayError, read } from "../widget/gateway.js";

/** `[{id, name, language}]`; empty where this is not the demo shop. */
export async function demoCustomers() {
  try {
    return (await read(await call("/demo/customers"))).customers;
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

/** `{token, conversation_id}` of a demo customer. */
export async function demoToken(customer) {
  return read(await call("/demo/token", { method: "POST", body: { customer } }));
}
