// The profile's text beside the questions: checked while it is written, and brought up to date when an answer is declared.
const form = document.querySelector("[data-yaml]");
const area = form.text;
const said = form.querySelector("[data-said]");
let timer = 0;
let written = area.value;

const show = (messages) => {
  said.replaceChildren();
  if (!messages.length) return;
  const list = document.createElement("ul");
  list.className = "messages";
  for (const one of messages) {
    const item = document.createElement("li");
    const place = document.createElement("button");
    place.type = "button";
    place.className = "quiet small";
    place.textContent = one.line ? `${one.line}:${one.column}` : "–";
    place.addEventListener("click", () => go(one.line));
    const text = document.createElement("span");
    text.lang = "en";
    text.dir = "auto";
    text.textContent = one.hint ? `${one.text}; ${one.hint}` : one.text;
    item.append(place, text);
    list.append(item);
  }
  said.append(list);
};

const go = (line) => {
  const start = area.value.split("\n").slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
};

area.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const body = new FormData(form);
    body.set("only_check", "1");
    const answer = await (await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } })).json();
    area.setAttribute("aria-invalid", String(!answer.ok));
    show(answer.messages ?? (answer.ok ? [] : [{ text: answer.detail, hint: answer.hint }]));
  }, 400);
});

document.addEventListener("profile", (event) => {
  if (area.value !== written) return; // what is being written here is not overwritten
  const before = area.value.split("\n");
  const after = event.detail.text.split("\n");
  area.value = written = event.detail.text;
  const line = after.findIndex((each, place) => each !== before[place]);
  if (line >= 0) area.scrollTop = (line - 6) * parseFloat(getComputedStyle(area).lineHeight);
});
