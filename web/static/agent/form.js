// The form of an action as the server has drawn it: reading it as pairs, filling it again, adding lines, seeing what is missing.
import { el, say } from "./words.js";

export function pairs(form) {
  return [...new FormData(form)].filter(([name, value]) => name && typeof value === "string" && value !== "");
}

export function fill(form, typed) {
  for (const [name] of typed) {
    const cell = name.match(/^(.+)-(\d+)-[^-]+$/);
    if (cell) while (!form.elements[name] && addRow(form.querySelector(`[value="add:${cell[1]}"]`)));
  }
  const known = new Set([...form.elements].map((field) => field.name));
  const said = new Map();
  for (const [name, value] of typed) said.set(name, [...(said.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || !known.has(field.name)) continue;
    const values = said.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (typed.length && field.type !== "file") field.value = values[0] ?? "";
  }
}

// One more line under the last, its names and labels counted on.
export function addRow(button) {
  const lines = button?.closest("fieldset").querySelectorAll("tr:has(td)");
  if (!lines?.length || lines.length >= 30) return false;
  const last = lines[lines.length - 1];
  const made = last.cloneNode(true);
  for (const one of made.querySelectorAll("[name], [id], [for]")) {
    for (const part of ["name", "id", "for"]) {
      if (one.hasAttribute(part)) one.setAttribute(part, one.getAttribute(part).replace(/-(\d+)-/, (_all, n) => `-${Number(n) + 1}-`));
    }
    if ("value" in one && one.name) one.value = "";
  }
  for (const label of made.querySelectorAll("label")) label.textContent = label.textContent.replace(/\d+/, (n) => Number(n) + 1);
  last.after(made);
  return true;
}

// By field that must be answered and is not: what to say.
export function missing(form, required) {
  const typed = pairs(form);
  return Object.entries(required).filter(([name]) => !typed.some(([key]) => key === name || key.startsWith(`${name}-`)));
}

export function showErrors(place, errors) {
  const lines = errors.map(([name, text]) => el("li", {}, el("a", { href: `#f-${name}`, "data-field": name }, text)));
  place.replaceChildren(...(lines.length ? [el("div", { class: "errors", role: "alert", tabindex: "-1" }, el("h2", {}, say("errors", { n: lines.length })), el("ul", {}, ...lines))] : []));
  place.firstElementChild?.focus();
  for (const link of place.querySelectorAll("a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.getElementById(`f-${link.dataset.field}`) ?? document.querySelector(`[data-${link.dataset.field}]`);
      target?.scrollIntoView({ block: "center" });
      target?.focus();
    });
  }
}

// Who is ticked in the fields that name who signs: value of the tick and name of the person.
export function ticked(form, fields) {
  return fields.flatMap((field) => [...form.querySelectorAll(`[name="${field}"]:checked`)].map((tick) => ({
    who: `${field}:${tick.value}`, name: tick.closest("label").textContent.trim(), field,
  })));
}
