// Asks for the markets as they would be with what the form supposes, and recolours the tiles that flip.
const form = document.querySelector("[data-suppose]");
const keep = document.querySelector("[data-keep]");
const tiles = new Map([...document.querySelectorAll("[data-map] [data-market]")].map((tile) => [tile.dataset.market, tile]));
const badges = document.querySelector("[data-badges]").content;
const words = document.querySelector("[data-words]").content;
const part = (name) => document.querySelector(`[data-${name}]`);
const begin = new Map();

const values = () => {
  const found = new Map();
  for (const field of form.querySelectorAll("[data-path]")) {
    const inputs = [...field.querySelectorAll("[name]")];
    if (inputs.some((input) => "unset" in input.dataset)) { found.set(field.dataset.path, ""); continue; }
    const chosen = inputs.filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked);
    found.set(field.dataset.path, chosen.map((input) => input.value).join(","));
  }
  return found;
};
for (const [path, value] of values()) begin.set(path, value);
const declared = new Map(begin);
for (const [path] of new URLSearchParams(location.search)) declared.delete(path);

const query = () => {
  const asked = new URLSearchParams();
  for (const [path, value] of values()) if (!declared.has(path) || declared.get(path) !== value) asked.append(path, value);
  return asked;
};

const badge = (outcome) => badges.querySelector(`[data-outcome="${outcome}"]`).firstElementChild.cloneNode(true);

const cell = (kind, ...content) => {
  const made = document.createElement(kind);
  made.append(...content);
  if (kind === "th") made.scope = "row";
  return made;
};

const draw = (answer, asked) => {
  const flipped = new Map(answer.flips.map(([market, before, after]) => [market, [before, after]]));
  for (const [market, tile] of tiles) {
    const outcome = answer.outcomes[market];
    tile.className = `tile b-${outcome}${flipped.has(market) ? " flipped" : ""}`;
    tile.querySelector("use").setAttribute("href", `#i-${outcome}`);
    tile.querySelector("[data-n]").textContent = answer.blocking[market] || "";
  }
  const rows = [...flipped].map(([market, [before, after]]) => cell("tr", cell("th", tiles.get(market).dataset.name), cell("td", badge(before)), cell("td", badge(after))));
  part("rows").replaceChildren(...rows);
  part("rows").closest("table").hidden = !rows.length;
  const word = words.querySelector(flipped.size === 1 ? "[data-flip-one]" : "[data-flip-many]").textContent;
  part("flips").textContent = word.replace(/[0-9٠-٩]+/, flipped.size);
  part("ms").textContent = `${answer.ms} ms`;
  const counts = Object.values(answer.findings).map((each) => Object.values(each).reduce((sum, one) => sum + one, 0));
  const total = counts.reduce((sum, one) => sum + one, 0);
  part("findings").textContent = total ? words.querySelector("[data-findings-word]").textContent.replace("{n}", total).replace("{m}", counts.length) : "";
  part("over").hidden = !answer.overridden.length;
  part("over").querySelector("bdi").textContent = answer.overridden.join(", ");
  keep.querySelector("button").disabled = !answer.supposed;
  for (const input of [...keep.querySelectorAll("input:not([name=version])")]) input.remove();
  for (const [path, value] of asked) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: path, value });
    keep.append(input);
  }
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
};

const fail = (text) => {
  part("flips").textContent = text;
  part("flips").className = "bad";
};

let running = null;
let again = false;
const ask = async () => {
  if (running) { again = true; return; } // one question at a time; the newest state is asked when the last is answered
  const asked = query();
  running = fetch(`${location.pathname}?${asked}`, { headers: { accept: "application/json" } });
  try {
    const answer = await (await running).json();
    part("flips").className = "";
    if (answer.ok) draw(answer, asked);
    else fail((answer.messages ?? [{ text: answer.detail }]).map((one) => one.text).join(" "));
  } catch (error) {
    fail(String(error));
  }
  running = null;
  if (again) { again = false; ask(); }
};

form.addEventListener("input", (event) => {
  const input = event.target;
  if (input.name === "pick") return;
  delete input.dataset.unset;
  if (input.type === "range") input.nextElementSibling.textContent = input.value;
  const list = input.closest("[data-path]")?.querySelector("[data-list]");
  if (list) list.textContent = [...input.closest("[data-path]").querySelectorAll(":checked")].map((box) => box.value).join(", ") || "–";
  ask();
});
