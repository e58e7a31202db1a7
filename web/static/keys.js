// Keys for lists: / search, j and k up and down, Enter opens. Off while an input method is composing or a field is used.
export function keys() {
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;

  function move(by) {
    if (!rows.length) return;
    rows[at]?.removeAttribute("aria-selected");
    at = Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[at].setAttribute("aria-selected", "true");
    rows[at].querySelector("a")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-key='/']")?.focus();
    } else if (event.key === "j") {
      move(1);
    } else if (event.key === "k") {
      move(-1);
    }
  });
}
