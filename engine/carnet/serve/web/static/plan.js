// A chart that is dragged to another start, or a market that is unticked, is planned again at once, with its progress told.
const form = document.querySelector("[data-plan]");
const slider = form.querySelector(".drag");
const busy = form.querySelector("[data-busy]");
const failed = form.querySelector("[data-failed]");
const planned = document.querySelector("[data-roadmap]");
const DAY = 24 * 3600 * 1000;
let stop = null;

const address = new URL(location.href);
address.searchParams.delete("job"); // the plan stays when its job is forgotten
history.replaceState(null, "", address);

const rest = () => {
  stop = null;
  busy.hidden = true;
  planned?.removeAttribute("aria-busy");
};

const tell = (job, event) => {
  const now = JSON.parse(event.data);
  const bar = busy.querySelector("progress");
  bar.max = now.total || 1;
  bar.value = now.done;
  busy.querySelector("[data-step]").textContent = now.step ? `${now.step} ${Math.min(now.done, now.total)}/${now.total}` : "";
};

// each event of the job is told; what it has made is shown at an address of its own
const watch = (job, query) => new Promise((resolve) => {
  const events = new EventSource(`/v1/jobs/${job}/events`);
  const end = (next) => () => { events.close(); resolve(next); };
  stop = () => { events.close(); fetch(`/v1/jobs/${job}`, { method: "DELETE" }); resolve(""); };
  events.addEventListener("progress", (event) => tell(job, event));
  for (const name of ["done", "failed"]) events.addEventListener(name, end(`${location.pathname}?${query}&job=${job}`));
  events.addEventListener("cancelled", end(""));
  events.addEventListener("error", end(`${location.pathname}?${query}`));
});

const plan = async () => {
  if (!form.querySelector("[name=market]:checked") || !form.reportValidity()) return;
  stop?.();
  failed.hidden = true;
  busy.hidden = false;
  planned?.setAttribute("aria-busy", "true");
  const query = new URLSearchParams(new FormData(form));
  const answer = await fetch(`${location.pathname}/job?${query}`, { method: "POST", headers: { accept: "application/json" } });
  const told = await answer.json();
  if (answer.ok) {
    const next = await watch(told.id, query);
    if (next) location.assign(next);
    else rest();
    return;
  }
  rest();
  failed.hidden = false;
  failed.textContent = [told.detail, told.hint].filter(Boolean).join("; ");
};

const begin = (day) => { form.start.value = new Date(day).toISOString().slice(0, 10); };

slider.hidden = false;
slider.addEventListener("input", () => begin(Date.parse(slider.dataset.from) + 7 * DAY * Number(slider.value)));
slider.addEventListener("change", plan);
busy.querySelector("[data-stop]").addEventListener("click", () => stop?.());
form.addEventListener("submit", (event) => { event.preventDefault(); plan(); });
if (planned) {
  for (const box of form.querySelectorAll("[name=market]")) box.addEventListener("change", plan);
  form.objective.addEventListener("change", plan);
}

// the chart itself can be taken and moved: a week at a time, back with Escape
const chart = planned?.querySelector(".bands");
if (chart) {
  document.querySelector("[data-drag-hint]").hidden = false;
  chart.classList.add("draggable");
  const days = (Date.parse(planned.dataset.to) - Date.parse(planned.dataset.from)) / DAY;
  const start = Date.parse(form.start.value);
  let held = null;
  const shift = (pixels) => { for (const each of chart.querySelectorAll("tbody .draw svg")) each.style.transform = pixels ? `translateX(${pixels}px)` : ""; };
  const way = document.dir === "rtl" ? -1 : 1;
  const moved = (event) => Math.round((way * (event.clientX - held.x) / held.width) * days / 7) * 7;
  const drop = () => { shift(0); held = null; chart.classList.remove("held"); };
  chart.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest(".draw");
    if (!cell || event.button) return;
    held = { x: event.clientX, width: cell.clientWidth * (1 - 2 * Number(planned.dataset.margin) / 100) };
    chart.setPointerCapture(event.pointerId);
    chart.classList.add("held");
    event.preventDefault();
  });
  chart.addEventListener("pointermove", (event) => {
    if (!held) return;
    begin(start + moved(event) * DAY);
    shift(way * (moved(event) / days) * held.width);
  });
  chart.addEventListener("pointerup", (event) => {
    const weeks = held && moved(event);
    drop();
    if (weeks) plan();
  });
  chart.addEventListener("pointercancel", () => { begin(start); drop(); });
  document.addEventListener("keydown", (event) => { if (held && event.key === "Escape") { begin(start); drop(); } });
}
