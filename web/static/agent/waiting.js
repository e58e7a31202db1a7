// On every page of whoever works out of doors: what his phone still holds, and no sign-out that would lose it.
import * as vault from "./vault.js";

export async function waiting(place) {
  if (!vault.usable()) return;
  const row = await vault.box();
  if (!row) return;
  const ready = await vault.marks("outbox");
  if (ready.length) {
    const first = ready.map((one) => one.at).sort()[0];
    tell(place, place.dataset.text, { n: ready.length, at: new Date(first).toLocaleString() });
  }
  for (const form of document.querySelectorAll("form[action$='/sign-out']")) form.addEventListener("submit", (event) => leave(event, place, row));
}

function tell(place, text, values) {
  place.querySelector("span").textContent = text.replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
  place.hidden = false;
}

let warned = false;
let leaving = false;

async function leave(event, place, row) {
  if (leaving) return;
  event.preventDefault();
  const form = event.target;
  const begun = (await vault.marks("outbox")).length + (await vault.marks("visits")).filter((one) => one.touched).length;
  if (begun && !warned) {
    warned = true;
    tell(place, place.dataset.leave, { n: begun });
    place.scrollIntoView();
    return;
  }
  await vault.destroy();
  const token = form.elements.csrf_token.value;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, "X-Autosave": "1" };
  await fetch("/agent/box/end", { method: "POST", body: JSON.stringify({ box: row.number }), headers }).catch(() => null);
  leaving = true;
  form.requestSubmit();
}
