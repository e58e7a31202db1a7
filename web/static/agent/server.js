// What the phone asks the server. Every answer is told apart: done, refused, not signed in, not reached.
export class NotReached extends Error {}
export class NotSignedIn extends Error {}
export class RefusedByServer extends Error {}

const PATIENCE = 60_000;

async function ask(path, how) {
  let answer;
  try {
    answer = await fetch(path, { ...how, redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new NotReached();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new NotSignedIn();
  if (answer.status >= 500 || answer.status === 429) throw new NotReached();
  return answer;
}

let known = "";

async function token() {
  known ||= (await read(await ask("/form-token", { headers: { "X-Autosave": "1" } }))).token;
  return known;
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    throw new NotReached();
  }
}

async function post(path, body, headers = {}) {
  const send = async () => ask(path, { method: "POST", body, headers: { ...headers, "X-CSRFToken": await token(), "X-Autosave": "1" } });
  let answer = await send();
  if (answer.status === 400) {
    // The form token of a sign-in that has ended: nothing was done.
    known = "";
    answer = await send();
  }
  if (answer.status === 204) return null;
  if (!answer.headers.get("Content-Type")?.includes("json")) throw new NotReached();
  const said = await read(answer);
  if (!answer.ok) throw new RefusedByServer(said.message);
  return said;
}

const json = (value) => [JSON.stringify(value), { "Content-Type": "application/json" }];

export const half = (box) => post("/agent/box", ...json({ box }));
export const fillBag = (box, families) => post("/agent/bag", ...json({ box, families }));
export const endBox = (box) => post("/agent/box/end", ...json({ box }));

// `papers` are { kind, name, bytes }. The number of the package is its Idempotency-Key: sent twice, it is stored once.
export function handIn(said, papers) {
  const body = new FormData();
  body.append("package", JSON.stringify({ ...said, papers: papers.map(({ kind, name }) => ({ kind, name })) }));
  for (const { name, bytes } of papers) body.append("paper", new Blob([bytes]), name);
  return post("/agent/packages", body, { "Idempotency-Key": said.id });
}
