// What is typed goes to the server every ten seconds and when a field is left, so that nothing is ever lost.
const EVERY = 10_000;
// What a browser still sends for a page that is being left.
const MOST_AFTER_LEAVING = 60_000;

export function autosave(form) {
  const note = form.querySelector("[data-saved]");
  const place = new URL(form.action).pathname;
  let last = body().toString();

  function body() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    data.delete("csrf_token");
    return data;
  }

  async function freshToken() {
    const answer = await fetch(form.dataset.token, { headers: { "X-Autosave": "1" }, redirect: "manual" });
    if (!answer.ok) return false;
    const { token } = await answer.json();
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    return true;
  }

  async function send(data) {
    return fetch(form.dataset.autosave, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrf_token.value, "X-Autosave": "1" },
      body: data,
      redirect: "manual",
      keepalive: data.toString().length < MOST_AFTER_LEAVING,
    });
  }

  async function save() {
    const now = body().toString();
    if (now === last || form.dataset.sent) return;
    const data = body();
    data.append("place", place);
    try {
      let answer = await send(data);
      if ((answer.status === 400 || answer.status === 401) && (await freshToken())) answer = await send(data);
      if (answer.ok) {
        last = now;
        say(form.dataset.savedText ?? "已自动保存");
      } else if (answer.status === 413) {
        say("内容太长，不能自动保存；请先提交或复制到别处");
      } else if (answer.status === 401 || answer.type === "opaqueredirect") {
        askToSignIn();
      } else {
        say("暂时没有保存，稍后自动再试");
      }
    } catch {
      say("网络不通，联网后自动保存");
    }
  }

  function say(text) {
    if (note) note.textContent = text;
  }

  // Signing in happens in another window; this page stays as it is and goes on by itself.
  function askToSignIn() {
    if (!note || note.querySelector("a")) return;
    const link = document.createElement("a");
    link.href = form.dataset.signIn;
    link.target = "_blank";
    link.textContent = "登录已过期：请在新窗口登录，再回到这一页继续，内容都在";
    note.replaceChildren(link);
  }

  setInterval(save, EVERY);
  form.addEventListener("focusout", save);
  document.addEventListener("visibilitychange", save);
  addEventListener("pagehide", save);
}
