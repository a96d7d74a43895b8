/** The sign-in form. */

import { el } from "../widget/element.js";
import { GatewayError } from "../widget/gateway.js";
import { signIn } from "./desk.js";

/** `done(agent)` is called after a sign-in that worked; `words(error)` says what went wrong. */
export function signInForm({ texts, words, notice = "", done }) {
  const name = el("input", { name: "name", autocomplete: "username", required: true, "data-testid": "desk-name" });
  const password = el("input", {
    name: "password", type: "password", autocomplete: "current-password", required: true, "data-testid": "desk-password",
  });
  const problem = el("p", { class: "problem", role: "alert" }, notice);
  const button = el("button", { type: "submit", class: "primary", "data-testid": "desk-signin" }, texts.signIn);
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      done((await signIn(name.value.trim(), password.value)).agent);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      problem.textContent = words(error);
      password.select();
    } finally {
      button.disabled = false;
    }
  };
  return el("form", { class: "signin", onsubmit: submit },
    el("h1", {}, texts.signInTitle),
    el("label", {}, texts.name, name),
    el("label", {}, texts.password, password),
    problem, button);
}
