// Small helps on top of pages that work without them. Everything here may fail without harm.
import { autosave } from "./autosave.js";
import { lockOnSubmit } from "./once.js";
import { presence } from "./presence.js";
import { keys } from "./keys.js";

for (const place of document.querySelectorAll("[data-waiting]")) import("./agent/waiting.js").then(({ waiting }) => waiting(place));
for (const form of document.querySelectorAll("form[data-once]")) lockOnSubmit(form);
for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
for (const place of document.querySelectorAll("[data-presence]")) presence(place);

// A filter takes effect when it is chosen; the button stays for those without scripts.
for (const form of document.querySelectorAll("form[data-filter]")) {
  const button = form.querySelector("button");
  if (button) button.hidden = true;
  form.addEventListener("change", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    form.requestSubmit();
  });
}

// The summary of errors is read first.
document.querySelector("[data-focus]")?.focus();

// A menu closes when one clicks elsewhere or presses Escape.
const menus = document.querySelectorAll("details.menu");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

keys();
