// A second click sends nothing: the buttons of a form are locked once it is on its way. The server would notice, too.
export function lockOnSubmit(form) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-no-lock")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
  });
  // Back from the history: the page as it was, ready again.
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
}
