// The locked box on the phone. Every record in IndexedDB is encrypted with AES-256-GCM; the key is in memory alone and
// cannot be read out of it. Beside the records it lies twice, each time wrapped: by the PIN, and by the half that the
// server gives to whoever signs in. In the clear: numbers made by chance, times, and whether something was written.
const NAME = "jiuzhu-box";
const ROUNDS = 600_000;
const STORES = ["visits", "photos", "outbox"];
const MOST_WRONG = 10;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let open = null;
let key = null;

export class WrongPin extends Error {}
export class TooOften extends Error {}

export const usable = () => Boolean(globalThis.indexedDB && crypto.subtle && navigator.locks);

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Only `create` makes a box: whoever merely looks for one that is gone leaves none behind.
function database(make = false) {
  open ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      if (!make) return request.transaction.abort();
      for (const store of ["box", ...STORES]) request.result.createObjectStore(store, { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => forget(request.result);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  open.catch(() => (open = null));
  return open;
}

function forget(db) {
  db.close();
  open = key = null;
}

async function transact(mode, stores, work, make = false) {
  const tx = (await database(make)).transaction(stores, mode, { durability: "strict" });
  const result = work(tx);
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onabort = () => reject(tx.error);
    tx.onerror = () => reject(tx.error);
  });
  return result?.result;
}

// Keys

async function pinKey(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", encoder.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function serverKey(secret, salt) {
  const half = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(NAME) };
  return crypto.subtle.deriveKey(how, half, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(by, bytes, place) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
  return { iv, data: await crypto.subtle.encrypt(how, by, bytes) };
}

async function unseal(by, { iv, data }, place) {
  const how = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
  return new Uint8Array(await crypto.subtle.decrypt(how, by, data));
}

const held = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// The box

export const isOpen = () => key !== null;

export async function box() {
  return (await unlessGone(() => transact("readonly", ["box"], (tx) => tx.objectStore("box").get("box")))) ?? null;
}

// Nothing where there is no box (any more).
async function unlessGone(work) {
  try {
    return await work();
  } catch (error) {
    if (open === null) return null;
    throw error;
  }
}

export async function create(number, pin, secret) {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const byPin = await seal(await pinKey(pin, salt), raw, number);
  const byServer = await seal(await serverKey(secret, salt), raw, number);
  key = await held(raw);
  raw.fill(0);
  const row = { id: "box", number, salt, byPin, byServer, wrong: 0 };
  await transact("readwrite", ["box"], (tx) => tx.objectStore("box").put(row), true);
}

export async function openWithPin(pin) {
  const row = await box();
  if (row.wrong >= MOST_WRONG) throw new TooOften();
  try {
    key = await held(await unseal(await pinKey(pin, row.salt), row.byPin, row.number));
  } catch {
    await count(row, row.wrong + 1);
    throw new WrongPin();
  }
  if (row.wrong) await count(row, 0);
}

export async function openWithSecret(secret) {
  const row = await box();
  try {
    key = await held(await unseal(await serverKey(secret, row.salt), row.byServer, row.number));
  } catch {
    return false;
  }
  if (row.wrong) await count(row, 0);
  return true;
}

function count(row, wrong) {
  return transact("readwrite", ["box"], (tx) => tx.objectStore("box").put({ ...row, wrong }));
}

export async function destroy() {
  if (open) forget(await open);
  key = null;
  await answer(indexedDB.deleteDatabase(NAME));
}

// Records. A change is { store, id, value or bytes, marks } or { store, id, gone: true }; all of them or none.

export async function change(...changes) {
  const ready = await Promise.all(changes.map(async (one) => {
    if (one.gone) return one;
    const bytes = one.bytes ?? encoder.encode(JSON.stringify(one.value));
    return { ...one, row: { id: one.id, ...one.marks, ...(await seal(key, bytes, `${one.store}/${one.id}`)) } };
  }));
  const stores = [...new Set(ready.map((one) => one.store))];
  if (stores.length) {
    await transact("readwrite", stores, (tx) => {
      for (const one of ready) {
        const store = tx.objectStore(one.store);
        if (one.gone) store.delete(one.id);
        else store.put(one.row);
      }
    });
  }
}

export async function bytes(store, id) {
  const row = await transact("readonly", [store], (tx) => tx.objectStore(store).get(id));
  return row ? unseal(key, row, `${store}/${id}`) : null;
}

export async function load(store, id) {
  const found = await bytes(store, id);
  return found && JSON.parse(decoder.decode(found));
}

export async function all(store) {
  const by = key;
  const rows = by && (await unlessGone(() => transact("readonly", [store], (tx) => tx.objectStore(store).getAll())));
  return Promise.all((rows ?? []).map(async (row) => JSON.parse(decoder.decode(await unseal(by, row, `${store}/${row.id}`)))));
}

// What is known without the key: numbers and marks.
export async function marks(store) {
  const rows = await unlessGone(() => transact("readonly", [store], (tx) => tx.objectStore(store).getAll()));
  return (rows ?? []).map(({ iv, data, ...rest }) => rest);
}
