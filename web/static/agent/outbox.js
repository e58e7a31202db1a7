// What is ready and not handed in yet: oldest first, one at a time, kept until the server has said its number.
import * as server from "./server.js";
import * as vault from "./vault.js";

const TRIES = 3;
const PAUSE = 1_000;

export async function waiting() {
  return (await vault.all("outbox")).sort((a, b) => a.filled_at.localeCompare(b.filled_at));
}

// A finished visit becomes a package: it leaves the list and enters the outbox in one step.
export async function finish(visit, typed, papers) {
  const id = crypto.randomUUID();
  const filled_at = new Date().toISOString();
  const { case: about, action, seen } = visit.work;
  const said = { id, case: about, action, seen, typed, filled_at };
  await vault.change(
    { store: "outbox", id, value: { id, filled_at, said, papers, visit }, marks: { at: filled_at } },
    { store: "visits", id: visit.id, gone: true },
  );
}

// Back to the list of visits, to be changed.
export async function takeBack(one) {
  await vault.change({ store: "visits", id: one.visit.id, value: one.visit, marks: { at: one.filled_at, touched: true } }, { store: "outbox", id: one.id, gone: true });
}

// Hand in all of them; `told` hears of each. Only one page of the phone does it at a time. Returns why it stopped.
export async function send(told) {
  return navigator.locks.request("hand-in", { ifAvailable: true }, async (lock) => {
    if (!lock) return "busy";
    for (const one of await waiting()) {
      const papers = [];
      for (const { photo, kind, name } of one.papers) papers.push({ kind, name, bytes: await vault.bytes("photos", photo) });
      try {
        const answer = await patiently(() => server.handIn(one.said, papers));
        await vault.change({ store: "outbox", id: one.id, gone: true }, ...one.papers.map(({ photo }) => ({ store: "photos", id: photo, gone: true })));
        await told(one, answer);
      } catch (error) {
        if (error instanceof server.NotSignedIn) return "sign_in";
        if (error instanceof server.NotReached) return "network";
        if (!(error instanceof server.RefusedByServer)) throw error;
        await told(one, { state: "refused", message: error.message });
      }
    }
    return "";
  });
}

// A line that drops an answer is tried again at once; the server knows the package by its number.
async function patiently(work) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof server.NotReached) || tried === TRIES || !navigator.onLine) throw error;
      await new Promise((done) => setTimeout(done, PAUSE * tried));
    }
  }
}
