// Field work on the phone: opening the box, the list of the day, handing in. What is shown comes out of the box alone.
import { send, takeBack, waiting } from "./outbox.js";
import * as server from "./server.js";
import * as vault from "./vault.js";
import * as visits from "./visit.js";
import { el, moment, say } from "./words.js";

const AGAIN = 30_000;
const OLD = 48 * 3_600_000;
const { scope, worker, signIn } = document.body.dataset;
const families = new URLSearchParams(location.search).getAll("with");
const receipts = [];
const refusals = new Map();
let stopped = "";
let sure = false;

const find = (name) => document.querySelector(`[data-${name}]`);
const tell = (...text) => find("told").replaceChildren(...(text[0] ? [el("p", { class: "note" }, ...text)] : []));
const askSignIn = (text) => tell(text, " ", el("a", { href: signIn }, say("to_sign_in")));

function view(name) {
  for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== name;
  if (name !== "visit") find("title").textContent = say("title");
}

// Opening

async function enter() {
  const row = await vault.box();
  if (!row) return view("none");
  view("locked");
  await openByServer(row);
  if (vault.isOpen()) await opened();
}

async function openByServer(row) {
  try {
    const { secret, ended } = await server.half(row.number);
    if (ended) {
      await vault.destroy();
      view("none");
      tell(say("ended"));
    } else if (!vault.isOpen()) await vault.openWithSecret(secret);
  } catch (error) {
    if (error instanceof server.RefusedByServer) tell(say("others"));
    else if (!(error instanceof server.NotReached || error instanceof server.NotSignedIn)) throw error;
  }
}

async function opened() {
  tell("");
  await tidy();
  if (families.length && navigator.onLine) await refresh();
  await route();
}

// What nobody wrote into is taken along for one day only.
async function tidy() {
  const today = new Date().toDateString();
  const old = (await vault.all("visits")).filter((one) => !one.touched && new Date(one.packed).toDateString() !== today);
  await vault.change(...old.map(({ id }) => ({ store: "visits", id, gone: true })));
}

find("unlock").addEventListener("submit", async (event) => {
  event.preventDefault();
  const typed = event.target.elements.code;
  try {
    await vault.openWithPin(typed.value);
    await opened();
  } catch (error) {
    if (error instanceof vault.WrongPin) tell(say("pin_wrong"));
    else if (error instanceof vault.TooOften) tell(say("pin_often"));
    else throw error;
  } finally {
    typed.value = "";
  }
});

find("pack").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { pin, again } = event.target.elements;
  if (!/^[0-9]{6}$/.test(pin.value)) return tell(say("pin_shape"));
  if (pin.value !== again.value) return tell(say("pins_differ"));
  const number = crypto.randomUUID();
  try {
    const { secret } = await server.half(number);
    await vault.create(number, pin.value, secret);
    await navigator.storage?.persist?.();
    if (!(await refresh())) return await vault.destroy();
    event.target.reset();
    tell("");
    await route();
  } catch (error) {
    failed(error);
  }
});

function failed(error) {
  if (error instanceof server.NotSignedIn) askSignIn(say("sign_in"));
  else if (error instanceof server.NotReached) tell(say("need_network"));
  else if (error instanceof server.RefusedByServer) tell(error.message);
  else throw error;
}

// The work of the day into the box; what was begun stays as it is.
async function refresh() {
  const { number } = await vault.box();
  let bag;
  try {
    bag = await server.fillBag(number, families);
  } catch (error) {
    failed(error);
    return false;
  }
  const begun = new Set((await vault.all("visits")).filter((one) => one.touched).map((one) => one.id));
  const ready = new Set((await waiting()).map((one) => one.visit.id));
  const packed = new Date().toISOString();
  const fresh = bag.visits.filter(({ id }) => !begun.has(id) && !ready.has(id));
  const gone = (await vault.marks("visits")).filter(({ id }) => !begun.has(id) && !fresh.some((work) => work.id === id));
  await vault.change(
    ...gone.map(({ id }) => ({ store: "visits", id, gone: true })),
    ...fresh.map((work, place) => ({ store: "visits", id: work.id, value: { id: work.id, work, place, packed, typed: [], photos: [], signatures: {}, touched: false }, marks: { at: packed, touched: false } })),
  );
  return true;
}

// The list

async function list() {
  view("list");
  const open = (await vault.all("visits")).sort((a, b) => a.place - b.place);
  const ready = await waiting();
  find("visits").replaceChildren(...open.map(card));
  find("waiting-list").hidden = !ready.length;
  find("outbox").replaceChildren(...ready.map(line));
  showReceipts();
  if (!open.length && !ready.length && !receipts.length) tell(say("nothing"));
  sync(ready);
}

function card({ id, touched, work }) {
  const state = el("span", { class: touched ? "chip" : "chip plain" }, say(touched ? "started" : "untouched"));
  return el("li", {}, el("a", { href: `#visit=${encodeURIComponent(id)}`, class: work.late ? "late" : false },
    el("b", {}, work.title), state, el("span", { class: "whole" }, work.label),
    el("span", { class: "whole small" }, [work.village, work.address].filter(Boolean).join(" · ")),
    work.due ? el("span", { class: "whole small" }, work.due) : ""));
}

function line(one) {
  const back = el("button", { type: "button", class: "button small", onclick: async () => { await takeBack(one); location.hash = `visit=${encodeURIComponent(one.visit.id)}`; } }, say("back"), el("span", { class: "unseen" }, ` ${one.visit.work.title}`));
  const refused = refusals.get(one.id);
  return el("li", {}, el("span", {}, el("b", {}, one.visit.work.title), el("span", { class: "small muted" }, `${one.visit.work.label} · ${moment(one.filled_at)}`), refused ? el("span", { class: "small" }, say("refused", { message: refused })) : ""), el("span", {}, back));
}

function showReceipts() {
  find("done-list").hidden = !receipts.length;
  find("receipts").replaceChildren(...receipts.map(({ title, state, receipt, message, url }) => el("li", {},
    el("span", {}, el("b", {}, `${title} ✓`), el("span", { class: "small num" }, say("receipt", { receipt })), el("span", { class: "small" }, state === "held" ? say("held", { message }) : say("done"))),
    el("span", {}, state === "held" ? el("a", { class: "button", href: url }, say("look")) : ""))));
}

function sync(ready, sending = false) {
  const place = find("sync");
  place.hidden = !ready.length && !receipts.length;
  place.className = ready.length ? (sending ? "sync" : "sync waits") : "sync sent";
  if (!ready.length) place.textContent = say("sent");
  else if (sending) place.textContent = say("sending", { n: ready.length });
  else if (Date.now() - new Date(ready[0].filled_at) > OLD) place.textContent = say("late");
  else place.textContent = say("waiting", { n: ready.length, at: moment(ready[0].filled_at) });
}

// Handing in

let handing = null;

function hand() {
  handing ??= handAll().finally(() => (handing = null));
  return handing;
}

async function handAll() {
  if (!(await waiting()).length) return;
  sync(await waiting(), true);
  stopped = await send(async (one, answer) => {
    if (answer.state === "refused") refusals.set(one.id, answer.message);
    else receipts.push({ title: one.visit.work.title, ...answer });
    if (!visitOpen()) await list();
    sync(await waiting(), true);
  });
  if (stopped === "sign_in") askSignIn(say("sign_in_to_send"));
  else if (!stopped) tell("");
  sync(await waiting());
  if (!visitOpen()) await list();
  await emptied();
}

// Nothing left to do and nothing left to hand in: the box goes.
async function emptied() {
  if (visitOpen() || !receipts.length || (await vault.marks("visits")).length || (await waiting()).length) return;
  await discard();
  tell(say("no_more"));
}

async function discard() {
  const row = await vault.box();
  await vault.destroy();
  for (const name of ["refresh", "clear"]) find(name).hidden = true;
  try {
    await server.endBox(row.number);
  } catch {
    // Without a network the server's half stays with the server; it opens nothing any more.
  }
}

find("send").addEventListener("click", hand);
find("refresh").addEventListener("click", async () => {
  if (await refresh()) await list();
});
find("clear").addEventListener("click", async () => {
  const begun = (await vault.marks("visits")).filter((one) => one.touched).length + (await waiting()).length;
  if (begun && !sure) {
    sure = true;
    return tell(say("clear_sure", { n: begun }));
  }
  await discard();
  view("none");
  sync([]);
  tell(say("cleared"));
});

// One visit

const visitOpen = () => location.hash.startsWith("#visit=");

async function route() {
  await visits.leave();
  sure = false;
  if (!vault.isOpen()) return;
  const id = visitOpen() ? decodeURIComponent(location.hash.slice("#visit=".length)) : "";
  if (id && (await vault.marks("visits")).some((one) => one.id === id)) {
    view("visit");
    await visits.show(id);
  } else await list();
  find("title").focus();
  scrollTo(0, 0);
  if (!visitOpen()) hand();
}

find("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await visits.complete()) location.hash = "";
});

function network() {
  find("network").textContent = say(navigator.onLine ? "online" : "offline");
}

addEventListener("hashchange", route);
addEventListener("online", () => { network(); hand(); });
addEventListener("offline", network);
setInterval(() => navigator.onLine && stopped !== "sign_in" && hand(), AGAIN);
network();
navigator.serviceWorker?.register(worker, { scope });
if (vault.usable()) enter();
else tell(say("old_browser"));
