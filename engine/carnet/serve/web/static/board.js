// Filters the tiles and rows that the page holds as the reader types; the address keeps what is asked for.
const form = document.querySelector("[data-filters]");
const rows = [...document.querySelectorAll("tr[data-market]")];
const tiles = new Map([...document.querySelectorAll("[data-map] [data-market]")].map((tile) => [tile.dataset.market, tile]));
const count = form.querySelector("[data-count]");

const apply = () => {
  const outcomes = new Set([...form.querySelectorAll("[name=outcome]:checked")].map((box) => box.value));
  const words = form.q.value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits = (!outcomes.size || outcomes.has(row.dataset.outcome)) && row.dataset.words.includes(words);
    row.classList.toggle("dim", !fits);
    tiles.get(row.dataset.market).classList.toggle("dim", !fits);
    shown += fits;
  }
  count.textContent = count.textContent.replace(/\d+/, shown);
  const kept = new URLSearchParams(new FormData(form));
  for (const [key, value] of [...kept]) if (!value) kept.delete(key);
  history.replaceState(null, "", kept.size ? `?${kept}` : location.pathname);
};

form.querySelector("[data-without-script]").hidden = true;
form.addEventListener("input", (event) => { if (event.target.name !== "sort") apply(); });
form.addEventListener("submit", (event) => event.preventDefault());
form.sort.addEventListener("change", () => form.submit());

// a ticked market stands out on the map, too
const mark = (box) => tiles.get(box.value)?.classList.toggle("on", box.checked);
for (const box of document.querySelectorAll("[data-choice] [name=market]")) {
  mark(box);
  box.addEventListener("change", () => mark(box));
}
