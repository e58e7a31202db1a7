// One visit on the phone: its form, photographs and signatures, kept in the box at every change.
import { addRow, fill, missing, pairs, showErrors, ticked } from "./form.js";
import { finish } from "./outbox.js";
import { pad, shrunk, view } from "./pictures.js";
import * as vault from "./vault.js";
import { el, moment, say } from "./words.js";

const AFTER = 300;
const MOST_PHOTOS = 12;
const MOST_BYTES = 9_000_000;

const find = (name) => document.querySelector(`[data-${name}]`);
const form = find("form");
let visit = null;
let pads = new Map();
let timer = 0;
let saving = Promise.resolve();

export async function show(id) {
  visit = await vault.load("visits", id);
  if (!visit) return false;
  const { work } = visit;
  about(work);
  find("questions").innerHTML = work.form;
  for (const day of form.querySelectorAll("input[type=date]")) day.removeAttribute("max");
  if (visit.touched) fill(form, visit.typed);
  showErrors(find("errors"), []);
  find("saved").textContent = visit.at ? say("saved", { at: moment(visit.at) }) : "";
  await showPhotos();
  pads = new Map();
  find("pads").replaceChildren();
  find("signatures").hidden = !work.people.length;
  await showPads();
  return true;
}

function about({ title, label, address, village, phone, members, due, late, happened }) {
  const lines = [
    el("p", {}, el("b", {}, label), due ? el("span", { class: late ? "chip late" : "chip plain" }, due) : ""),
    el("p", {}, [village, address].filter(Boolean).join(" · ")),
    phone ? el("p", {}, `${say("tell")} `, el("a", { href: `tel:${phone}` }, phone)) : "",
    members.length ? el("p", { class: "small" }, `${say("family")}：${members.map((one) => `${one.name}（${one.said}）`).join("，")}`) : "",
    happened.length ? el("p", { class: "small muted" }, `${say("since")}：${happened.join("；")}`) : "",
  ];
  find("about").replaceChildren(el("section", { class: "sheet" }, ...lines));
  find("title").textContent = title;
}

// Everything is saved in its order; what could not be saved is said at once. `more` may still be in the making.
function keep(...more) {
  clearTimeout(timer);
  timer = 0;
  find("saved").textContent = say("saving");
  visit.typed = pairs(form);
  visit.touched = true;
  visit.at = new Date().toISOString();
  const value = structuredClone(visit);
  const row = { store: "visits", id: value.id, value, marks: { at: value.at, touched: true } };
  const mine = (saving = saving.then(async () => vault.change(row, ...(await Promise.all(more)))).then(
    () => mine === saving && !timer && (find("saved").textContent = say("saved", { at: moment(value.at) })),
    () => showErrors(find("errors"), [["photos", say("not_saved")]]),
  ));
  return mine;
}

function soon() {
  clearTimeout(timer);
  find("saved").textContent = say("saving");
  timer = setTimeout(() => visit && keep(), AFTER);
}

export function leave() {
  if (visit && timer) keep();
  visit = null;
  return saving;
}

form.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  soon();
  if (event.target.type === "checkbox") showPads();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  event.preventDefault();
  addRow(button);
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && visit && timer && keep());

// Photographs

find("photos").querySelector("input").addEventListener("change", async (event) => {
  const files = [...event.target.files];
  const mine = visit;
  event.target.value = "";
  const wrong = [];
  for (const file of files) {
    try {
      const bytes = await shrunk(file);
      if (visit !== mine) return;
      await addPhoto(bytes, wrong);
    } catch {
      wrong.push(["photos", say("photo_bad", { name: file.name })]);
    }
  }
  await showPhotos();
  showErrors(find("errors"), wrong);
});

async function addPhoto(bytes, wrong) {
  if (visit.photos.length >= MOST_PHOTOS) wrong.push(["photos", say("photo_many", { n: MOST_PHOTOS })]);
  else if (visit.photos.reduce((sum, one) => sum + one.size, bytes.length) > MOST_BYTES) wrong.push(["photos", say("photo_large")]);
  else {
    const { needs, people } = visit.work;
    const id = crypto.randomUUID();
    const number = Math.max(0, ...visit.photos.map((one) => one.number)) + 1;
    const kind = people.length || !needs.length ? "other" : needs[0];
    visit.photos.push({ id, number, kind, size: bytes.length });
    await keep({ store: "photos", id, bytes });
  }
}

async function showPhotos() {
  const lines = await Promise.all(visit.photos.map(async (one) => {
    const canvas = await view(await vault.bytes("photos", one.id));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", say("photo", { n: one.number }));
    const kinds = visit.work.papers.map(({ kind, label }) => el("option", { value: kind, selected: kind === one.kind }, label));
    const choose = el("select", { "aria-label": `${say("photo", { n: one.number })} ${say("kind")}`, onchange: () => { one.kind = choose.value; keep(); } }, ...kinds);
    const remove = el("button", { type: "button", class: "link", onclick: () => removePhoto(one.id) }, say("remove"), el("span", { class: "unseen" }, ` ${say("photo", { n: one.number })}`));
    return el("li", {}, canvas, choose, remove);
  }));
  find("shots").replaceChildren(...lines);
}

async function removePhoto(id) {
  visit.photos = visit.photos.filter((one) => one.id !== id);
  await keep({ store: "photos", id, gone: true });
  await showPhotos();
}

// Signatures: a pad for each person who is ticked as having been there.

async function showPads() {
  const wanted = ticked(form, visit.work.people);
  for (const [who, { place }] of pads) {
    if (wanted.some((one) => one.who === who)) continue;
    place.remove();
    pads.delete(who);
  }
  for (const { who, name } of wanted) {
    if (pads.has(who)) continue;
    const canvas = el("canvas", { role: "img", "aria-label": say("signature", { name }) });
    const wipe = el("button", { type: "button", class: "button small", onclick: () => wiped(who) }, say("wipe"), el("span", { class: "unseen" }, ` ${name}`));
    const place = el("div", { class: "pad" }, el("div", { class: "row" }, el("b", {}, say("signature", { name })), wipe), canvas);
    find("pads").append(place);
    const own = pad(canvas, () => signed(who, name));
    pads.set(who, { place, own });
    const kept = visit.signatures[who];
    if (kept) await own.show(await vault.bytes("photos", kept.id));
  }
}

function signed(who, name) {
  const id = visit.signatures[who]?.id ?? crypto.randomUUID();
  visit.signatures[who] = { id, name };
  keep(pads.get(who).own.bytes().then((bytes) => ({ store: "photos", id, bytes })));
}

function wiped(who) {
  pads.get(who).own.clear();
  const kept = visit.signatures[who];
  if (!kept) return;
  delete visit.signatures[who];
  keep({ store: "photos", id: kept.id, gone: true });
}

// Ready: what is missing is said; complete, it becomes a package.

function wanting() {
  const { required, needs, people, papers } = visit.work;
  const found = missing(form, required);
  const kinds = new Set(visit.photos.map((one) => one.kind));
  if (people.length && !kinds.has(needs[0])) {
    for (const { who, name } of ticked(form, people)) if (!visit.signatures[who]) found.push(["pads", say("sign_needed", { name })]);
  }
  if (!people.length) {
    for (const kind of needs) {
      if (!kinds.has(kind)) found.push(["photos", say("photo_needed", { what: papers.find((one) => one.kind === kind).label })]);
    }
  }
  return found;
}

export async function complete() {
  await keep();
  const errors = wanting();
  showErrors(find("errors"), errors);
  if (errors.length) return false;
  const photos = visit.photos.map(({ id, kind, number }) => ({ photo: id, kind, name: `${say("photo", { n: number })}.jpg` }));
  const signatures = ticked(form, visit.work.people).filter(({ who }) => visit.signatures[who])
    .map(({ who, name }) => ({ photo: visit.signatures[who].id, kind: visit.work.needs[0], name: `${say("signature", { name })}.png` }));
  const done = structuredClone(visit);
  visit = null;
  await finish(done, done.typed, [...photos, ...signatures]);
  return true;
}
