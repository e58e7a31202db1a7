// The page's sentences, as the server has translated them; and elements made without markup.
const words = new Map();
for (const one of document.querySelector("#words").content.querySelectorAll("[data-word]")) words.set(one.dataset.word, one.textContent);

export function say(name, values = {}) {
  return words.get(name).replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
}

export function el(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== ""));
  return made;
}

// 9-5 14:03, in the phone's own time.
export function moment(text) {
  const at = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getMonth() + 1}-${at.getDate()} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
