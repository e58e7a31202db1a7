// Who is filling in a form of this case, kept up to date. A form's own page says that it is still open, and when it is left.
const EVERY = 30_000;

export function presence(place) {
  const filling = place.dataset.filling;
  const url = place.dataset.presence;
  const form = document.querySelector("form[data-autosave]");

  function body(more = {}) {
    const token = document.querySelector("input[name=csrf_token]").value;
    return new URLSearchParams({ csrf_token: token, filling, ...more });
  }

  async function ask() {
    if (form?.dataset.sent || (!filling && document.visibilityState !== "visible")) return;
    const how = filling ? { method: "POST", body: body() } : {};
    try {
      const answer = await fetch(url, { ...how, headers: { "X-Autosave": "1" }, redirect: "manual" });
      if (!answer.ok) return;
      const text = (await answer.text()).trim();
      if (text !== place.innerHTML.trim()) place.innerHTML = text;
    } catch {
      // No network: the page stays as it is and asks again.
    }
  }

  // Left with nothing typed: colleagues need not wait for it to lapse. A draft still counts, the server knows of it.
  if (filling) {
    addEventListener("pagehide", () => {
      if (form?.dataset.sent) return;
      fetch(url, { method: "POST", body: body({ gone: "1" }), headers: { "X-Autosave": "1" }, keepalive: true });
    });
  }
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
}
